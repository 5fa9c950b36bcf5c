"""Runs a Linear Learner training job in a folder, and generates data to train on."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from refit.embedded_cloud import linear_learner
from refit.embedded_cloud.instance.algorithm import (
    Channel,
    Source,
    TrainingInput,
)
from refit.embedded_cloud.linear_learner.model import LinearModel

BOSTON = Path(__file__).parents[3] / "examples" / "boston-housing.csv"
# Most tests have fewer rows than the default mini-batch.
REGRESSOR = {"predictor_type": "regressor", "mini_batch_size": "1"}
CLASSIFIER = {"predictor_type": "binary_classifier", "mini_batch_size": "1"}
MULTICLASS = {"predictor_type": "multiclass_classifier", "num_classes": "3", "mini_batch_size": "1"}


class Job:
    """A training job in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.channels: dict[str, Channel] = {}

    def channel(self, name: str, *files: str | bytes, content_type: str | None = "text/csv") -> Job:
        sources = []
        for number, content in enumerate(files, 1):
            path = self.folder / f"{name}-{number}.csv"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            sources.append(Source(f"s3://bucket/{path.name}", path))
        self.channels[name] = Channel(content_type, tuple(sources))
        return self

    def train(self, hyperparameters: dict[str, str], instances: int = 1) -> dict[str, float]:
        (self.folder / "model").mkdir(exist_ok=True)
        given = TrainingInput(self.channels, hyperparameters, instances, self.folder, self.lines.append)
        return linear_learner.train(given)

    @property
    def model(self) -> LinearModel:
        return linear_learner.load(self.folder / "model")


def homes() -> tuple[np.ndarray, np.ndarray]:
    with BOSTON.open() as file:
        table = np.array([[float(field) for field in row] for row in list(csv.reader(file))[1:]])
    return table[:, :-1], table[:, -1]


def as_csv(labels: np.ndarray, features: np.ndarray) -> str:
    return "".join(",".join(map(repr, row)) + "\n" for row in np.column_stack([labels, features]).tolist())

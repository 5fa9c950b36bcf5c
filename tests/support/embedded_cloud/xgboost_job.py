"""Runs an XGBoost training job in a folder, with the files of its channels where SageMaker puts them."""

from __future__ import annotations

from pathlib import Path

from refit.embedded_cloud import xgboost
from refit.embedded_cloud.instance.algorithm import Channel, Payload, Source, TrainingInput
from refit.embedded_cloud.xgboost import booster
from refit.embedded_cloud.xgboost.booster import LoadedBooster
from refit.embedded_cloud.xgboost.model import XGBoostModel

SQUARED = {"objective": "reg:squarederror", "num_round": "20", "eta": "0.3", "max_depth": "3"}
LOGISTIC = {"objective": "binary:logistic", "num_round": "10", "max_depth": "3"}


class Job:
    """A training job in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.channels: dict[str, Channel] = {}

    def channel(
        self, name: str, *files: str | bytes, content_type: str | None = "text/csv", prefix: str = "data/homes"
    ) -> Job:
        """A channel of a manifest: each file has its whole key below the channel's folder."""
        sources = []
        for number, content in enumerate(files, 1):
            path = self.folder / "input" / "data" / name / prefix / f"2026-11-{number:02}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            sources.append(Source(f"s3://bucket/{prefix}/{path.name}", path))
        self.channels[name] = Channel(content_type, tuple(sources))
        return self

    def train(self, hyperparameters: dict[str, str]) -> dict[str, float]:
        (self.folder / "model").mkdir(exist_ok=True)
        return xgboost.train(TrainingInput(self.channels, hyperparameters, 1, self.folder, self.lines.append))

    @property
    def model(self) -> XGBoostModel:
        """The model in a process of its own, as an endpoint serves it."""
        return xgboost.load(self.folder / "model")

    @property
    def booster(self) -> LoadedBooster:
        """The model in this process."""
        return booster.load(self.folder / "model" / "xgboost-model")

    def predictions(self, body: str) -> list[float]:
        """What the model answers to rows of CSV."""
        response = self.booster.predict(Payload(body.encode(), "text/csv", "text/csv"))
        return [float(line) for line in response.body.decode().splitlines()]

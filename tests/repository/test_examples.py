"""The examples: their script generates exactly their data from the source, and their pipelines can train on it."""

from __future__ import annotations

import ast
import importlib.util
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from refit.data import csv_rows
from refit.pipeline import files as pipeline
from refit.project import Project
from tests.support.embedded_cloud.xgboost_job import Job

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


def script() -> Any:
    spec = importlib.util.spec_from_file_location("affordable_homes", EXAMPLES / "affordable_homes.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_labels_are_what_the_script_makes_of_the_prices() -> None:
    assert (EXAMPLES / "affordable-homes.csv").read_text() == script().converted(EXAMPLES / "boston-housing.csv")


def test_a_home_is_affordable_by_its_price_alone() -> None:
    prices = csv_rows.read(EXAMPLES / "boston-housing.csv", 13, label="medv")
    labels = csv_rows.read(EXAMPLES / "affordable-homes.csv", 13, label="affordable")
    assert [row.features for row in labels] == [row.features for row in prices]
    assert [row.label for row in labels] == [float(row.label <= 20) for row in prices]


@pytest.mark.parametrize(
    ("name", "file", "label", "classifies"),
    [
        ("local/home-prices", "boston-housing.csv", "medv", False),
        ("local/home-prices-backfill", "boston-housing.csv", "medv", False),
        ("local/affordable-homes", "affordable-homes.csv", "affordable", True),
        ("local/gradient-boosting", "boston-housing.csv", "medv", False),
        ("local/boosted-prices", "boston-housing.csv", "medv", False),
    ],
)
def test_the_data_has_the_shape_that_the_pipeline_declares(name: str, file: str, label: str, classifies: bool) -> None:
    example = pipeline.load(Project(ROOT).find(name))
    rows = csv_rows.read(EXAMPLES / file, example.data.feature_dim, label)
    assert ({row.label for row in rows} == {0.0, 1.0}) is classifies
    assert (example.training.predictor_type == "binary_classifier") is classifies


def test_the_own_algorithm_reads_as_the_python_of_its_image() -> None:
    training = pipeline.load(Project(ROOT).find("local/gradient-boosting")).training
    assert training.own_image
    program = ROOT / str(training.source) / training.entry_point
    ast.parse(program.read_text(), feature_version=(3, 8))


def test_the_boosted_trees_pass_their_gate_on_the_data(tmp_path: Path) -> None:
    example = pipeline.load(Project(ROOT).find("local/boosted-prices"))
    assert example.training.algorithm == "xgboost"
    assert example.gate is not None
    assert example.gate.max is not None
    rows = csv_rows.shuffled(csv_rows.read(EXAMPLES / "boston-housing.csv", 13, label="medv"), seed=1978)
    *days, held_out = csv_rows.split(rows, 7)
    job = Job(tmp_path).channel("train", *map(csv_rows.body, days)).channel("validation", csv_rows.body(held_out))
    assert job.train(example.hyperparameters)[example.gate.metric] < example.gate.max


def test_the_backfill_is_pinned_and_wants_every_day() -> None:
    window = pipeline.load(Project(ROOT).find("local/home-prices-backfill")).window
    assert (window.start, window.end) == (date(2026, 1, 5), date(2026, 1, 18))
    assert window.min_days == 14

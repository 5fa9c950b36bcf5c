"""The example of a custom algorithm, as its pipeline file declares it: trained, evaluated and served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from refit.artifacts import source_archive
from refit.aws.inference import read
from refit.data import csv_rows
from refit.pipeline import files as pipeline
from refit.project import Project
from tests.support.embedded_cloud.customer import Customer, channel
from tests.support.embedded_cloud.programs import hyperparameters, new_config, new_model

ROOT = Path(__file__).parents[4]
HELD_OUT = 100


@pytest.fixture(scope="module")
def homes() -> tuple[list[csv_rows.Row], list[csv_rows.Row]]:
    """Homes to train on, and homes held out, by a fixed seed."""
    rows = csv_rows.shuffled(csv_rows.read(ROOT / "examples" / "boston-housing.csv", 13, label="medv"), 1978)
    return rows[HELD_OUT:], rows[:HELD_OUT]


def mse(job: dict[str, Any]) -> float:
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    return next(m["Value"] for m in job["FinalMetricDataList"] if m["MetricName"] == "validation:mse")


def test_it_prices_homes_better_than_linear_learner(
    customer: Customer, homes: tuple[list[csv_rows.Row], list[csv_rows.Row]], tmp_path: Path
) -> None:
    train, held_out = homes
    declared = pipeline.load(Project(ROOT).find("local/gradient-boosting"))
    training = declared.training
    source_archive.pack(ROOT / str(training.source), tmp_path / "source.tar.gz")
    code = customer.put((tmp_path / "source.tar.gz").read_bytes(), "code/gradient-boosting.tar.gz")
    data = [
        channel("train", customer.put(csv_rows.body(train)), "S3Prefix"),
        channel("validation", customer.put(csv_rows.body(held_out)), "S3Prefix"),
    ]

    linear = customer.train("", InputDataConfig=data)
    boosted = customer.train(
        "",
        InputDataConfig=data,
        AlgorithmSpecification={
            "TrainingImage": training.image,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": name, "Regex": regex} for name, regex in training.metrics.items()],
        },
        HyperParameters=hyperparameters(code) | training.hyperparameters,
    )
    assert mse(boosted) < mse(linear) / 2
    assert declared.gate
    assert declared.gate.max
    assert mse(boosted) < declared.gate.max

    model = new_model(
        customer, boosted["ModelArtifacts"]["S3ModelArtifacts"], code, container={"Image": training.image}
    )
    endpoint = customer.start_endpoint(new_config(customer, model))
    assert customer.settled(endpoint)["EndpointStatus"] == "InService"
    answer = customer.invoke(endpoint, "\n".join(row.features for row in held_out), Accept="application/json")
    predictions = read(answer["Body"].encode())
    errors = [(found.score - row.label) ** 2 for found, row in zip(predictions, held_out, strict=True)]
    # The endpoint reads features as float32, which may take a home to the other side of a split.
    assert sum(errors) / len(errors) == pytest.approx(mse(boosted), rel=0.05)
    assert read(customer.invoke(endpoint, held_out[0].features)["Body"].encode()) == predictions[:1]

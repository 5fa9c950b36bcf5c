"""The tables of the embedded cloud's page say what the code does."""

from __future__ import annotations

from pathlib import Path

from refit.embedded_cloud.sagemaker.api import OPERATIONS
from refit.embedded_cloud.step_functions import integrations
from refit.reference import embedded_cloud
from refit.reference.imports import Source

SOURCE = Source(Path(__file__).parents[3])


def test_the_operations_are_those_that_are_dispatched() -> None:
    row = next(line for line in embedded_cloud.operations(SOURCE).splitlines() if line.startswith("| SageMaker |"))
    assert row == f"| SageMaker | {', '.join(OPERATIONS)} |"


def test_the_integrations_are_those_that_run() -> None:
    rows = embedded_cloud.integrations(SOURCE).splitlines()[2:]
    assert len(rows) == len(integrations.OPTIMIZED)
    assert "| `sagemaker:createTrainingJob` | `.sync` |" in rows
    assert "| `sqs:sendMessage` |  |" in rows


def test_each_member_of_a_request_is_in_one_column() -> None:
    rows = embedded_cloud.members(SOURCE).splitlines()
    row = next(line for line in rows if line.startswith("| AlgorithmSpecification |"))
    assert row.split(" | ")[1:] == [
        "TrainingImage, TrainingInputMode, MetricDefinitions",
        "EnableSageMakerMetricsTimeSeries",
        "AlgorithmName, ContainerEntrypoint, ContainerArguments, TrainingImageConfig |",
    ]

"""The event that a training job sends when its status changes, which `createTrainingJob.sync` returns."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.sagemaker import training_event, training_statuses
from refit.embedded_cloud.sagemaker.resources import TrainingJob

EXECUTION = "arn:aws:states:us-west-2:000000000000:execution:refit-prices:one"
REQUEST = {
    "TrainingJobName": "prices",
    "AlgorithmSpecification": {
        "TrainingImage": "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1",
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "mse", "Regex": "mse=(.*)"}],
    },
    "RoleArn": "arn:aws:iam::000000000000:role/train",
    "HyperParameters": {"feature_dim": "13"},
    "EnableNetworkIsolation": True,
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}


def ended(secondary: str, reason: str = "") -> TrainingJob:
    """A job that was created at second 100, began to download at 101.5 and ended at 102.25."""
    job = TrainingJob(
        account="000000000000", region="us-west-2", name="prices", created=100.0, modified=100.0, request=REQUEST
    )
    job.tags = [{"Key": "run", "Value": "one"}, *training_event.sync_tags(EXECUTION)]
    for at, status in enumerate(("Starting", "Downloading", "Training", "Uploading"), start=100):
        training_statuses.enter(job, status, 101.5 if status == "Downloading" else float(at))
    job.metrics, job.artifacts = {"train:mse": 2.5}, "s3://b/output/model.tar.gz"
    training_statuses.enter(job, secondary, 102.25, reason)
    return job


def test_a_completed_job_is_described_without_its_metrics_and_cost() -> None:
    detail = training_event.detail(ended("Completed"))
    assert (detail["TrainingJobStatus"], detail["SecondaryStatus"]) == ("Completed", "Completed")
    assert detail["ModelArtifacts"] == {"S3ModelArtifacts": "s3://b/output/model.tar.gz"}
    assert not {"FinalMetricDataList", "BillableTimeInSeconds", "TrainingTimeInSeconds"} & detail.keys()
    assert not {"EnableNetworkIsolation", "FailureReason"} & detail.keys()
    assert detail["AlgorithmSpecification"].keys() == {"TrainingImage", "TrainingInputMode"}
    assert detail["StoppingCondition"] == {"MaxRuntimeInSeconds": 60}


def test_its_tags_are_an_object_with_those_of_step_functions() -> None:
    assert training_event.detail(ended("Completed"))["Tags"] == {
        "run": "one",
        "MANAGED_BY_AWS": "STARTED_BY_STEP_FUNCTIONS",
        "AWS_STEP_FUNCTIONS_EXECUTION_ARN": EXECUTION,
    }


def test_its_times_are_milliseconds() -> None:
    detail = training_event.detail(ended("Completed"))
    times: dict[str, Any] = {name: value for name, value in detail.items() if name.endswith("Time")}
    assert times == {
        "CreationTime": 100_000,
        "TrainingStartTime": 101_500,
        "TrainingEndTime": 102_250,
        "LastModifiedTime": 102_250,
    }
    last = detail["SecondaryStatusTransitions"][-1]
    assert last == {
        "Status": "Completed",
        "StartTime": 102_250,
        "EndTime": 102_250,
        "StatusMessage": "Training job completed",
    }


@pytest.mark.parametrize(("secondary", "status"), [("Failed", "Failed"), ("MaxRuntimeExceeded", "Stopped")])
def test_a_job_that_did_not_complete_says_why(secondary: str, status: str) -> None:
    detail = training_event.detail(ended(secondary, "AlgorithmError: bad row"))
    assert (detail["TrainingJobStatus"], detail["FailureReason"]) == (status, "AlgorithmError: bad row")

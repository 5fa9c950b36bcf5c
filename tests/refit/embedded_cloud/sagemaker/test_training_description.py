"""Descriptions of training jobs have the members that AWS adds to those of the request."""

from __future__ import annotations

import re
from typing import Any

import pytest

from refit.embedded_cloud.sagemaker import training_statuses
from refit.embedded_cloud.sagemaker.resources import TrainingJob
from refit.embedded_cloud.sagemaker.training_description import description
from tests.refit.embedded_cloud.sagemaker.test_training_requests import REQUEST
from tests.support.embedded_cloud.customer import IMAGE


def describe(changes: dict[str, Any]) -> dict[str, Any]:
    """The description of a job that is Starting."""
    fields = {"account": "000000000000", "region": "us-west-2", "created": 1.0, "modified": 1.0}
    job = TrainingJob(name="homes-1", request=REQUEST | changes, **fields)
    training_statuses.enter(job, "Starting", 1.0)
    return description(job)


def test_a_minimal_request_is_described_with_defaults() -> None:
    specification = {"TrainingImage": "own", "TrainingInputMode": "File"}
    job = describe({"StoppingCondition": {}, "AlgorithmSpecification": specification})
    assert job["AlgorithmSpecification"] == {**specification, "EnableSageMakerMetricsTimeSeries": False}
    assert job["OutputDataConfig"] == {
        "KmsKeyId": "",
        "CompressionType": "GZIP",
        "S3OutputPath": "s3://homes/models/",
    }
    (channel,) = job["InputDataConfig"]
    assert (channel["CompressionType"], channel["RecordWrapperType"]) == ("None", "None")
    assert job["StoppingCondition"] == {"MaxRuntimeInSeconds": 86_400}
    assert job["ResourceConfig"] == REQUEST["ResourceConfig"]
    assert job["ProfilingStatus"] == "Disabled"
    for member in ("NetworkIsolation", "InterContainerTrafficEncryption", "ManagedSpotTraining"):
        assert job[f"Enable{member}"] is False
    assert job["SecondaryStatusTransitions"] == [
        {"Status": "Starting", "StartTime": 1.0, "StatusMessage": "Preparing the instances for training"}
    ]
    assert job.keys().isdisjoint(
        {"ModelArtifacts", "FinalMetricDataList", "FailureReason", "Tags", "ProfilerConfig", "TrainingStartTime"}
    )


def test_what_the_request_says_is_described_unchanged() -> None:
    changes = {
        "EnableNetworkIsolation": True,
        "EnableManagedSpotTraining": True,
        "OutputDataConfig": {"S3OutputPath": "s3://homes/", "KmsKeyId": "alias/homes", "CompressionType": "GZIP"},
        "InputDataConfig": [{**REQUEST["InputDataConfig"][0], "ShuffleConfig": {"Seed": 1}, "CompressionType": "Gzip"}],
        "CheckpointConfig": {"S3Uri": "s3://homes/checkpoints"},
        "Environment": {"A": "1"},
        "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
    }
    job = describe(changes)
    changes["InputDataConfig"][0]["RecordWrapperType"] = "None"  # type: ignore[index]
    assert {name: job[name] for name in changes} == changes


@pytest.mark.parametrize(("disabled", "status"), [(False, "Enabled"), (True, "Disabled")])
def test_a_profiler_has_an_interval_and_a_status(disabled: bool, status: str) -> None:
    job = describe({"ProfilerConfig": {"S3OutputPath": "s3://homes/", "DisableProfiler": disabled}})
    assert job["ProfilingStatus"] == status
    assert job["ProfilerConfig"] == {
        "S3OutputPath": "s3://homes/",
        "ProfilingIntervalInMilliseconds": 500,
        "DisableProfiler": disabled,
    }


def test_linear_learner_is_described_with_its_own_metric_definitions() -> None:
    specification = describe({})["AlgorithmSpecification"]
    assert specification["TrainingImage"] == IMAGE
    definitions = {each["Name"]: each["Regex"] for each in specification["MetricDefinitions"]}
    assert len(definitions) == len(specification["MetricDefinitions"]) == 37
    assert definitions["validation:mse"] == r"#quality_metric: host=\S+, validation mse <loss>=(\S+)"
    assert definitions["train:progress"] == r"#progress_metric: host=\S+, completed (\S+) %"
    objective = "#quality_metric: host=algo-1, epoch=3, train mse_objective <loss>=0.5"
    match = re.search(definitions["train:objective_loss"], objective)
    assert match
    assert match[1] == "0.5"

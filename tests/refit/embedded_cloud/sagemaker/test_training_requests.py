"""Training jobs that AWS rejects although the service model allows them."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.sagemaker import training_requests
from refit.embedded_cloud.sagemaker.errors import ApiError
from tests.support.embedded_cloud.customer import IMAGE, channel

REQUEST: dict[str, Any] = {
    "TrainingJobName": "homes-1",
    "RoleArn": "arn:aws:iam::000000000000:role/training",
    "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
    "InputDataConfig": [channel("train", "s3://homes/data/", "S3Prefix")],
    "OutputDataConfig": {"S3OutputPath": "s3://homes/models/"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}
DAY = 86_400
NO_WAIT = (
    "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds "
    "when EnableManagedSpotTraining is set to true"
)


def stopping(spot: bool = False, **condition: int) -> dict[str, Any]:
    return {"StoppingCondition": condition, "EnableManagedSpotTraining": spot}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"StoppingCondition": {}},
        stopping(MaxRuntimeInSeconds=28 * DAY),
        stopping(spot=True, MaxRuntimeInSeconds=60, MaxWaitTimeInSeconds=60),
        stopping(spot=True, MaxWaitTimeInSeconds=DAY),
    ],
)
def test_a_sound_request_is_accepted(changes: dict[str, Any]) -> None:
    training_requests.check(REQUEST | changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            stopping(MaxRuntimeInSeconds=28 * DAY + 1),
            "Invalid MaxRuntimeInSeconds 2419201. It must be less than or equal to 2419200, which is 28 days",
        ),
        (
            stopping(MaxRuntimeInSeconds=60, MaxWaitTimeInSeconds=60),
            "Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true",
        ),
        (stopping(spot=True, MaxRuntimeInSeconds=60), NO_WAIT),
        (stopping(spot=True, MaxRuntimeInSeconds=60, MaxWaitTimeInSeconds=59), NO_WAIT),
        (stopping(spot=True, MaxWaitTimeInSeconds=DAY - 1), NO_WAIT),
        ({"InputDataConfig": REQUEST["InputDataConfig"] * 2}, "Channel names must be unique, found train, train."),
        (
            {"OutputDataConfig": {"S3OutputPath": "s3://homes/", "CompressionType": "NONE"}},
            "the embedded cloud writes compressed models only: omit OutputDataConfig.CompressionType",
        ),
        (
            {"AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "FastFile"}},
            "Linear Learner supports the input modes File, Pipe, not FastFile",
        ),
        (
            {"InputDataConfig": [{**REQUEST["InputDataConfig"][0], "InputMode": "FastFile"}]},
            "Linear Learner supports the input modes File, Pipe, not FastFile",
        ),
        (
            {"ResourceConfig": {"InstanceType": "ml.m5.large"}},
            "ResourceConfig must have InstanceType, InstanceCount and VolumeSizeInGB",
        ),
        (
            {"AlgorithmSpecification": {**REQUEST["AlgorithmSpecification"], "MetricDefinitions": [{}]}},
            "You can't override the metric definitions for Amazon SageMaker algorithms. Please retry the request "
            "without specifying metric definitions.",
        ),
    ],
)
def test_a_request_that_aws_rejects_is_rejected(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ApiError) as rejected:
        training_requests.check(REQUEST | changes)
    assert (rejected.value.code, str(rejected.value)) == ("ValidationException", message)

"""Requests are validated against the service model, and rejected with AWS's messages."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.aws_json.errors import ApiError
from refit.embedded_cloud.aws_json.validation import check

JOB: dict[str, Any] = {
    "TrainingJobName": "homes-1",
    "RoleArn": "arn:aws:iam::000000000000:role/training",
    "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
    "OutputDataConfig": {"S3OutputPath": "s3://homes/models/"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}


def refusal(operation: str, request: dict[str, Any]) -> str:
    with pytest.raises(ApiError) as refused:
        check("sagemaker", operation, request)
    assert refused.value.code == "ValidationException"
    return str(refused.value)


def test_a_sound_request_passes() -> None:
    check(
        "sagemaker",
        "CreateTrainingJob",
        JOB | {"SomethingNewer": 1, "Tags": [{"Key": "équipe/ml", "Value": "Ünïcode: 1"}]},
    )


def test_all_violations_are_reported_together_with_their_paths() -> None:
    resources = {"InstanceType": "ml.huge", "InstanceCount": -1, "VolumeSizeInGB": 1}
    message = refusal("CreateTrainingJob", JOB | {"TrainingJobName": None, "ResourceConfig": resources})
    assert message.startswith("3 validation errors detected: ")
    assert "Value null at 'trainingJobName' failed to satisfy constraint: Member must not be null" in message
    assert "Value 'ml.huge' at 'resourceConfig.instanceType' failed to satisfy constraint" in message
    assert "Value '-1' at 'resourceConfig.instanceCount' failed to satisfy constraint" in message


@pytest.mark.parametrize("name", ["-starts", "ends-", "under_score", "dot.ted", "trailing\n"])
def test_a_name_satisfies_its_pattern(name: str) -> None:
    assert refusal("CreateTrainingJob", JOB | {"TrainingJobName": name}) == (
        f"1 validation error detected: Value '{name}' at 'trainingJobName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
    )


def test_a_name_has_63_characters_at_most() -> None:
    check("sagemaker", "CreateTrainingJob", JOB | {"TrainingJobName": "a" * 63})
    message = refusal("CreateTrainingJob", JOB | {"TrainingJobName": "a" * 64})
    assert message.endswith("Member must have length less than or equal to 63")


def test_lists_and_maps_are_checked_to_the_last_element() -> None:
    tags = [{"Key": "a", "Value": "1"}, {"Value": "2"}]
    assert "Value null at 'tags.2.member.key'" in refusal("CreateTrainingJob", JOB | {"Tags": tags})
    many = {f"h{number}": "1" for number in range(101)}
    assert "at 'hyperParameters' failed" in refusal("CreateTrainingJob", JOB | {"HyperParameters": many})
    long = refusal("CreateTrainingJob", JOB | {"HyperParameters": {"epochs": "1" * 2501}})
    assert "at 'hyperParameters.epochs.member' failed" in long


@pytest.mark.parametrize(
    ("member", "value", "expected"),
    [
        ("TrainingJobName", 7, "NUMBER_VALUE cannot be converted to String at 'trainingJobName'"),
        ("EnableNetworkIsolation", "yes", "STRING_VALUE cannot be converted to Boolean at 'enableNetworkIsolation'"),
        ("StoppingCondition", {"MaxRuntimeInSeconds": "60"}, "STRING_VALUE cannot be converted to Integer"),
        ("StoppingCondition", {"MaxRuntimeInSeconds": True}, "TRUE_VALUE cannot be converted to Integer"),
        ("Tags", {"Key": "a"}, "cannot be converted to"),
    ],
)
def test_a_wrong_type_is_a_serialization_error(member: str, value: object, expected: str) -> None:
    with pytest.raises(ApiError) as refused:
        check("sagemaker", "CreateTrainingJob", JOB | {member: value})
    assert refused.value.code == "SerializationException"
    assert expected in str(refused.value)


def test_text_without_a_pattern_may_have_several_lines() -> None:
    message = refusal("ListModels", {"SortBy": "Na\nme"})
    assert message == (
        "1 validation error detected: Value 'Na\nme' at 'sortBy' failed to satisfy constraint: "
        "Member must satisfy enum value set: [Name, CreationTime]"
    )

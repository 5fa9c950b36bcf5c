"""The Resource of a Task state, taken apart."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.step_functions.integrations.resource import Resource, parse


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:lambda:us-west-2:0:function:homes:3", Resource("lambda", "")),
        ("arn:aws:states:::lambda:invoke", Resource("lambda", "invoke")),
        ("arn:aws-cn:states:::sagemaker:createTrainingJob.sync", Resource("sagemaker", "createTrainingJob", "sync")),
        ("arn:aws:states:::states:startExecution.sync:2", Resource("states", "startExecution", "sync:2")),
        ("arn:aws:states:::aws-sdk:s3:putObject", Resource("s3", "putObject", is_sdk=True)),
        (
            "arn:aws:states:::aws-sdk:s3:putObject.waitForTaskToken",
            Resource("s3", "putObject", "waitForTaskToken", is_sdk=True),
        ),
        ("arn:aws:states:us-west-2:0:activity:worker", Resource("activity", "worker")),
    ],
)
def test_is_a_service_an_action_and_a_pattern(arn: str, expected: Resource) -> None:
    assert parse(arn) == expected


def test_names_the_operation_of_the_api() -> None:
    assert parse("arn:aws:states:::aws-sdk:s3:putObject").operation == "PutObject"

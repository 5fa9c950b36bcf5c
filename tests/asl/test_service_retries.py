"""The errors of direct calls to AWS that each state retries, by the names that Step Functions gives them."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.step_functions.definition import service_models
from refit.embedded_cloud.step_functions.integrations import sdk_names
from refit.embedded_cloud.step_functions.integrations.resource import parse
from refit.pipeline.model import Pipeline
from tests.support.definitions import every_variant, pipeline, states

PASSING = ("ThrottlingException", "SlowDown", "InternalServerError", "ServiceUnavailable")
"""The codes of errors that pass by themselves: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html"""
HANDLING = ("FindEndpoint",)
"""The states that look at SageMaker's own errors in their Catch, and wait themselves if these pass."""


@every_variant
def test_what_passes_by_itself_is_retried_by_its_name_in_the_sdk(variant: Pipeline) -> None:
    """An error that the service's model declares for any operation has its own name: Ssm.ThrottlingException."""
    missing = {}
    for name, state in states(variant).items():
        resource = parse(state.get("Resource", ""))
        if not resource.is_sdk or name in HANDLING:
            continue
        shapes = service_models.model(service_models.services()[resource.service]).error_shapes
        wanted = {sdk_names.exception(resource.service, shapes, code) for code in PASSING}
        missing[name] = wanted - {error for rule in state["Retry"] for error in rule["ErrorEquals"]}
    assert missing
    assert {name: errors for name, errors in missing.items() if errors} == {}


def test_the_names_are_those_of_the_sdk() -> None:
    def name(service: str, code: str) -> str:
        shapes = service_models.model(service_models.services()[service]).error_shapes
        return sdk_names.exception(service, shapes, code)

    assert name("ssm", "ThrottlingException") == "Ssm.ThrottlingException"
    assert name("ssm", "InternalServerError") == "Ssm.InternalServerErrorException"
    assert name("sagemaker", "ThrottlingException") == "SageMaker.SageMakerException"
    assert name("s3", "SlowDown") == "S3.S3Exception"


@pytest.mark.parametrize("state", HANDLING)
def test_a_state_that_handles_errors_catches_them(state: str) -> None:
    (catcher,) = states(pipeline(orchestration="direct"))[state]["Catch"]
    assert catcher["ErrorEquals"] == ["States.ALL"]

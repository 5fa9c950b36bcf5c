"""The conditions of Choice states: about SageMaker's errors, and about resources that exist already."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lambdas.sagemaker import requests
from refit.domain import endpoint_config, messages, resource_names
from refit.domain.endpoint_status import target_config
from tests.support.definitions import pipeline, states
from tests.support.jsonata import ARN, NAME, OTHER, evaluate, expression

LIMIT = "The limit is {} Instances, with current utilization of 1 Instances and a request delta of {} Instances."
FLEET = {"instance_type": "ml.m5.large", "instance_count": 2}
REQUESTED = endpoint_config.variant("", FLEET)


def of_error(name: str, cause: str, error: str = "SageMaker.SageMakerException") -> Any:
    return expression(name, {}, variables={"caught": {"Error": error, "Cause": cause}})


@pytest.mark.parametrize(
    ("cause", "exceeds"),
    [(LIMIT.format(2, 1), False), (LIMIT.format(1, 1), False), (LIMIT.format(0, 1), True), ("No numbers.", False)],
)
def test_a_request_exceeds_the_quota_when_waiting_cannot_help(cause: str, exceeds: bool) -> None:
    assert of_error("exceeds_quota", cause) is exceeds
    limited = of_error("quota_in_use", cause, "SageMaker.ResourceLimitExceededException")
    assert limited is not exceeds


def test_only_a_resource_limit_is_a_quota_in_use() -> None:
    assert of_error("quota_in_use", LIMIT.format(2, 1)) is False


@pytest.mark.parametrize(
    ("cause", "transient", "busy"),
    [
        ("Rate exceeded (Service: SageMaker, Status Code: 400)", True, True),
        ("Internal failure (Service: SageMaker, Status Code: 503)", True, True),
        ('Could not find model "x"', True, True),
        ('Could not find endpoint configuration "x"', True, True),
        ('Could not find endpoint "x"', False, False),
        ("Could not find model data at s3://b/model.tar.gz", False, False),
        ("Cannot update in-progress endpoint x", False, True),
        ("Cannot create already existing endpoint x", False, True),
        ("User is not authorized (Service: SageMaker, Status Code: 400)", False, False),
    ],
)
def test_some_errors_are_worth_another_attempt(cause: str, transient: bool, busy: bool) -> None:
    assert (of_error("is_transient", cause), of_error("is_busy", cause)) == (transient, busy)


@pytest.mark.parametrize("model", [None, OTHER])
def test_the_model_of_a_run_is_the_one_that_the_lambdas_take(model: str | None) -> None:
    document: Any = {"name": NAME, **({"model": model} if model else {})}
    assert expression("model_name", document) == requests.model_name(document)


@pytest.mark.parametrize(
    ("document", "never"),
    [
        ({"watermark": None}, True),
        ({"watermark": "2026-11-06"}, False),
        ({"watermark": None, "model": OTHER}, False),
    ],
)
def test_a_pipeline_without_a_watermark_has_never_served(document: dict[str, Any], never: bool) -> None:
    assert expression("never_served", document) is never


@pytest.mark.parametrize("pending", [None, {}, {"EndpointConfigName": NAME}])
def test_the_target_is_the_config_that_the_lambdas_see(pending: dict[str, str] | None) -> None:
    endpoint = {"EndpointConfigName": OTHER, **({} if pending is None else {"PendingDeploymentSummary": pending})}
    assert expression("target_config", {}, result=endpoint) == target_config(endpoint)


def test_an_endpoint_need_not_name_its_config() -> None:
    assert expression("target_config", {}, result={"EndpointStatus": "Failed"}) == ""
    assigned = states(pipeline(orchestration="direct"))["FindEndpoint"]["Assign"]
    found = evaluate(assigned, {}, result={"EndpointStatus": "Failed"})
    assert found["endpoint"] == {"status": "Failed", "config": "", "target": "", "reason": messages.NO_REASON}


@pytest.mark.parametrize(
    ("body", "holder"),
    [
        (json.dumps({"execution_arn": ARN, "run": "r"}), ARN),
        (json.dumps({"execution_arn": None}), messages.NO_HOLDER),
        (json.dumps({"execution_arn": "me"}), messages.NO_HOLDER),
        ("[]", messages.NO_HOLDER),
        ("not JSON", messages.NO_HOLDER),
        ("", messages.NO_HOLDER),
        (None, messages.NO_HOLDER),
    ],
)
def test_an_object_that_is_not_a_lease_names_no_holder(body: str | None, holder: str) -> None:
    assert expression("lease_holder", {}, result={} if body is None else {"Body": body}) == holder


MODEL: Any = {
    "PrimaryContainer": {"Image": "i", "ModelDataUrl": "s3://b/m", "Environment": {"A": "1", "B": "2"}},
    "ExecutionRoleArn": "arn:role",
    "EnableNetworkIsolation": True,
}


def models(model: Any = MODEL) -> list[Any]:
    """DescribeModel's responses: as requested, and with another value of each member that is compared."""
    container = model["PrimaryContainer"]
    others = {"Image": "other", "ModelDataUrl": "s3://b/other", "Environment": {"A": "1"}}
    return [
        model,
        model | {"ModelName": NAME, "PrimaryContainer": container | {"Mode": "SingleModel"}},
        model | {"PrimaryContainer": container | {"Environment": {"B": "2", "A": "1"}}},
        *(model | {"PrimaryContainer": container | {member: value}} for member, value in others.items()),
        model | {"PrimaryContainer": {name: container[name] for name in ("Image", "ModelDataUrl")}},
        model | {"ExecutionRoleArn": "arn:other"},
        model | {"EnableNetworkIsolation": False},
        {name: value for name, value in model.items() if name != "EnableNetworkIsolation"},
    ]


PLAIN: Any = {
    "PrimaryContainer": {"Image": "i", "ModelDataUrl": "s3://b/m", "Environment": {}},
    "ExecutionRoleArn": "arn:role",
    "EnableNetworkIsolation": False,
}


@pytest.mark.parametrize("requested", [MODEL, PLAIN])
def test_a_model_is_the_same_when_its_identity_is(requested: Any) -> None:
    found = [
        (expression("same_model", {}, result=existing, variables={"requested": requested}), existing)
        for existing in (*models(MODEL), *models(PLAIN))
    ]
    assert [same for same, _ in found] == [
        requests.model_identity(existing) == requests.model_identity(requested) for _, existing in found
    ]
    assert sum(same for same, _ in found) >= 3


def variants(model: str = NAME) -> list[list[dict[str, Any]]]:
    """The variants of endpoint configs: as requested, with another value of each member, and more or fewer of them."""
    one = endpoint_config.variant(model, FLEET)
    others = {"VariantName": "Other", "ModelName": "other", "InstanceType": "ml.c5.large", "InitialInstanceCount": 3}
    assert others.keys() == set(endpoint_config.IDENTITY_MEMBERS)
    return [
        [one],
        [one | {"InitialVariantWeight": 0.5}],
        *([one | {member: value}] for member, value in others.items()),
        [{member: value for member, value in one.items() if member != "InitialInstanceCount"}],
        [one, one | {"VariantName": "Other"}],
        [],
    ]


@pytest.mark.parametrize("existing", variants())
def test_an_endpoint_config_is_the_same_when_its_identity_is(existing: list[dict[str, Any]]) -> None:
    request = endpoint_config.request(NAME, NAME, FLEET)
    described = {"ProductionVariants": existing}
    same = expression("same_endpoint_config", {"name": NAME}, {"REQUESTED_VARIANT": REQUESTED}, result=described)
    assert same is (endpoint_config.identity(described) == endpoint_config.identity(request))


@pytest.mark.parametrize("current", variants(OTHER))
@pytest.mark.parametrize("name", [OTHER, "by-hand"])
def test_an_update_retains_capacity_as_in_polling(current: list[dict[str, Any]], name: str) -> None:
    described = {"ProductionVariants": current}
    constants = {"REQUESTED_VARIANT": REQUESTED, "RUN_NAME": resource_names.run_name_pattern("prices")}
    retained = expression(
        "retains_capacity", {"name": NAME}, constants, result=described, variables={"endpoint": {"config": name}}
    )
    same = endpoint_config.same_capacity(described, endpoint_config.request(NAME, NAME, FLEET))
    assert retained is (resource_names.is_of_a_run(name, "prices") and same)

"""Endpoint configs: the request of a run, and the identity by which configs are compared."""

from __future__ import annotations

import json
from typing import Any

import pytest

from refit.artifacts import state_machine
from refit.domain import endpoint_config
from refit.domain.endpoint_config import VARIANT_MEMBERS, VariantIdentity
from refit.pipeline.model import Pipeline
from refit.plan.actions import ACTIONS, Action
from tests.support.fields import with_another_value

SETTINGS = {"instance_type": "ml.m5.large", "instance_count": 2, "role_arn": "arn:…"}
REDEPLOYED = [field for field, action in ACTIONS.items() if action is Action.REDEPLOY]


def identity(**settings: Any) -> endpoint_config.Identity:
    return endpoint_config.identity(endpoint_config.request("config", "model", SETTINGS | settings))


def test_a_request_has_one_variant_with_the_pipelines_settings() -> None:
    assert endpoint_config.request("config", "model", SETTINGS, [{"Key": "team", "Value": "homes"}]) == {
        "EndpointConfigName": "config",
        "ProductionVariants": [
            {
                "VariantName": "AllTraffic",
                "ModelName": "model",
                "InstanceType": "ml.m5.large",
                "InitialInstanceCount": 2,
                "InitialVariantWeight": 1.0,
            }
        ],
        "Tags": [{"Key": "team", "Value": "homes"}],
    }


def test_what_sagemaker_adds_is_not_part_of_the_identity() -> None:
    sent = endpoint_config.request("config", "model", SETTINGS)
    (variant,) = sent["ProductionVariants"]
    described = {
        "EndpointConfigArn": "arn:…",
        "EndpointConfigName": "another",
        "ProductionVariants": [variant | {"AcceleratorType": "ml.eia1.medium", "InitialVariantWeight": 2.0}],
    }
    assert endpoint_config.identity(described) == endpoint_config.identity(sent)


@pytest.mark.parametrize("member", ["VariantName", "ModelName", *VARIANT_MEMBERS.values()])
def test_each_member_of_the_identity_counts(member: str) -> None:
    sent = endpoint_config.request("config", "model", SETTINGS)
    (variant,) = sent["ProductionVariants"]
    for other in ({member: "other"}, {}):
        described = {"ProductionVariants": [{k: v for k, v in variant.items() if k != member} | other]}
        assert endpoint_config.identity(described) != endpoint_config.identity(sent)
    assert endpoint_config.identity({"ProductionVariants": [variant, variant]}) != endpoint_config.identity(sent)


def test_a_variant_is_shown_by_its_instances_and_by_whatever_else_sets_it_apart() -> None:
    assert str(*identity()) == "2 × ml.m5.large"
    settings = {"instance_type": "ml.m5.large", "instance_count": 2, "volume_gb": 5}
    assert str(VariantIdentity("Other", "model", settings)) == "2 × ml.m5.large, volume_gb = 5, variant Other"


@pytest.mark.parametrize(
    ("current", "same"),
    [
        ([("AllTraffic", 2)], True),
        ([("AllTraffic", 3)], False),
        ([("Other", 2)], False),
        ([("AllTraffic", 2), ("Other", 1)], False),
        ([("AllTraffic", None)], False),
    ],
)
def test_the_capacity_is_the_same_for_the_same_number_of_instances_of_the_same_variants(
    current: list[tuple[str, int | None]], same: bool
) -> None:
    variants = [{"VariantName": name, "InitialInstanceCount": count} for name, count in current]
    wanted = endpoint_config.request("config", "model", SETTINGS)
    assert endpoint_config.same_capacity({"ProductionVariants": variants}, wanted) is same


class TestEveryFieldThatRedeploys:
    """A merge that changes such a field redeploys. CheckData then compares identities, which must differ."""

    def test_is_a_setting_of_the_endpoint_config_and_no_other_field_is(self) -> None:
        assert {f"endpoint.{field}" for field in VARIANT_MEMBERS} == set(REDEPLOYED)

    @pytest.mark.parametrize("field", REDEPLOYED)
    @pytest.mark.parametrize("orchestration", ["direct", "polling"])
    def test_changes_the_identity_that_its_built_definition_asks_for(self, orchestration: str, field: str) -> None:
        least = {"pipeline": "prices", "data": {"prefix": "data/", "feature_dim": 13}, "orchestration": orchestration}
        pipeline = Pipeline.model_validate(least)
        before, after = map(identities, (pipeline, with_another_value(pipeline, field)))
        assert before.keys() == after.keys()
        assert [state for state in before if before[state] == after[state]] == []


def identities(pipeline: Pipeline) -> dict[str, endpoint_config.Identity]:
    """The identities in a pipeline's definition: of CheckData and of the state that creates the config."""
    states = json.loads(state_machine.render(pipeline))["States"]
    wanted = {"CheckData": of_settings(states["CheckData"]["Parameters"]["settings"])}
    if pipeline.orchestration == "polling":
        wanted["DeployModel"] = of_settings(states["DeployModel"]["Parameters"]["settings"])
    else:
        wanted["CreateEndpointConfig"] = endpoint_config.identity(states["CreateEndpointConfig"]["Arguments"])
    return wanted


def of_settings(settings: dict[str, Any]) -> endpoint_config.Identity:
    return endpoint_config.identity(endpoint_config.request("config", "model", settings))

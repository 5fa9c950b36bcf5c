"""Differences between what is deployed and the pipeline file, by the names of the values."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from refit.aws.stack import Stack
from refit.domain import endpoint_config
from refit.domain.endpoint_config import Identity
from refit.live.differences import ABSENT, Difference, definition, in_definition, in_endpoint
from refit.pipeline.model import Pipeline

ARN = "arn:aws:states:us-west-2:123456789012:stateMachine:refit-prices"
STACK = Stack(
    bucket="prices-123456789012-us-west-2",
    data_prefix="data/prices/",
    endpoint="prices",
    state_machine_arn=ARN,
    watermark_parameter="/models/prices/train/latest",
    run_parameter="/models/prices/train/run",
    hold_parameter="/models/prices/hold",
    commit_parameter="/models/prices/train/commit",
)
IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1"


def pipeline(**fields: Any) -> Pipeline:
    least = {"pipeline": "prices", "data": {"prefix": "data/prices/", "feature_dim": 2}, "orchestration": "polling"}
    return Pipeline.model_validate(least | fields)


@pytest.mark.parametrize("orchestration", ["direct", "polling"])
def test_every_placeholder_is_filled_in_but_the_environment(orchestration: str) -> None:
    text = definition(pipeline(orchestration=orchestration, gate={"metric": "train:mse", "max": 60}), STACK)
    assert set(re.findall(r"\$\{\w+", text)) == {"${environment"}


def test_the_placeholders_are_filled_in_as_terraform_does_it() -> None:
    states = json.loads(definition(pipeline(), STACK))["States"]
    assert states["CheckData"]["Resource"] == "arn:aws:lambda:us-west-2:123456789012:function:refit-prices-check-data"
    training = states["StartTrainingJob"]["Parameters"]["settings"]
    assert training["role_arn"] == "arn:aws:iam::123456789012:role/refit-prices-sagemaker"


def test_what_is_deployed_from_the_file_has_not_drifted() -> None:
    assert in_definition(pipeline(), STACK, definition(pipeline(), STACK)) == []


def test_placeholders_that_only_a_build_fills_in_are_not_compared() -> None:
    own = pipeline(training={"image": IMAGE, "source": "examples/mine"})
    live = definition(own, STACK).replace("${environment}", "prod").replace("${source_uri}", "s3://bucket/code.tar.gz")
    assert in_definition(own, STACK, live) == []


def test_expressions_are_listed_only_if_no_value_differs() -> None:
    wanted, live = pipeline(orchestration="direct"), definition(pipeline(orchestration="direct"), STACK)
    (expression,) = in_definition(wanted, STACK, live.replace("the endpoint is out of service", "it is gone"))
    assert expression.name == "DescribeEndpoint.Output"
    larger = pipeline(orchestration="direct", endpoint={"instance_count": 2})
    names = [one.name for one in in_definition(larger, STACK, live)]
    assert names == [
        "CheckData.settings.instance_count",
        "CreateEndpointConfig.ProductionVariants.0.InitialInstanceCount",
    ]


def test_a_value_of_the_file_stays_a_value() -> None:
    tricky = pipeline(tags={"team": "a"}, training={"hyperparameters": {"note": "${bucket} %{x}"}})
    assert in_definition(tricky, STACK, definition(tricky, STACK)) == []
    settings = json.loads(definition(tricky, STACK))["States"]["StartTrainingJob"]["Parameters"]["settings"]
    assert settings["hyperparameters"]["note"] == "${bucket} %{x}"


def test_another_role_of_the_users_own_is_the_one_that_is_expected() -> None:
    role = "arn:aws:iam::123456789012:role/mine"
    assert role in definition(pipeline(sagemaker_role_arn=role), STACK)


def test_every_differing_value_is_named() -> None:
    live = pipeline(window={"days": 7}, training={"hyperparameters": {"epochs": "5"}})
    wanted = pipeline(window={"start": "2026-11-01", "end": "2026-11-07"}, poll_interval_seconds=30)
    assert in_definition(wanted, STACK, definition(live, STACK)) == [
        Difference("CheckData.settings.window.start", "2026-11-01", ABSENT),
        Difference("CheckData.settings.window.end", "2026-11-07", ABSENT),
        Difference("CheckData.settings.window.days", ABSENT, 7),
        Difference("StartTrainingJob.settings.hyperparameters.epochs", ABSENT, "5"),
        Difference("CheckStatusWait.Seconds", 30, 60),
    ]


def test_a_state_that_another_version_has_is_one_difference() -> None:
    live = json.loads(definition(pipeline(), STACK))
    live["States"]["Extra"] = {"Type": "Succeed"}
    assert in_definition(pipeline(), STACK, json.dumps(live)) == [Difference("Extra", ABSENT, {"Type": "Succeed"})]


def identity(instance_type: str, count: int) -> Identity:
    settings = {"instance_type": instance_type, "instance_count": count}
    return endpoint_config.identity(endpoint_config.request("config", "model", settings))


def test_the_endpoint_is_compared_by_its_config() -> None:
    wanted = pipeline(endpoint={"instance_type": "ml.m5.large", "instance_count": 2})
    assert in_endpoint(wanted, identity("ml.m5.large", 2)) == []
    assert in_endpoint(wanted, identity("ml.c5.large", 1)) == [
        Difference("endpoint.instance_type", "ml.m5.large", "ml.c5.large"),
        Difference("endpoint.instance_count", 2, 1),
    ]


def test_an_endpoint_with_several_variants_is_a_difference() -> None:
    assert in_endpoint(pipeline(), identity("ml.m5.large", 1) * 2) == [Difference("endpoint.variants", 1, 2)]

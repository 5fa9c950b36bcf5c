"""Renders the state machines of pipelines, for the tests of asl/."""

from __future__ import annotations

import json
from typing import Any

import pytest

from refit.artifacts import state_machine
from refit.artifacts.definition_checks import PLACEHOLDERS
from refit.pipeline.model import Pipeline

TASKS = ("CheckData", "StartTrainingJob", "GetStatus", "DeployModel", "UpdateParameters", "NotifySlack")

FAILING = TASKS[:-1]


def pipeline(**fields: Any) -> Pipeline:
    """The shortest pipeline, with polling, changed by `fields`."""
    least = {"pipeline": "prices", "data": {"prefix": "data/", "feature_dim": 13}, "orchestration": "polling"}
    return Pipeline.model_validate(least | fields)


GATE = {"metric": "validation:mse", "max": 60, "max_regression": 0.1, "advance_on_reject": True}

OWN = {
    "image": "1" * 12 + ".dkr.ecr.us-west-2.amazonaws.com/m:1",
    "source": "examples/gradient_boosting",
    "channels": {"lookup": "data/lookup/"},
    "metrics": {"validation:mse": "mse=([0-9.]+)"},
}

CONTRACT = {
    "prefix": "data/",
    "feature_dim": 1,
    "schema": ({"name": "price", "min": 0}, {"name": "rooms", "type": "integer"}),
    "on_bad_day": "skip",
}

VARIANTS = {
    "shortest": pipeline(),
    "direct": pipeline(orchestration="direct"),
    "gate": pipeline(gate=GATE, approval={}, window={"holdout_days": 1}),
    "direct-gate": pipeline(
        orchestration="direct", gate=GATE, approval={}, window={"holdout_days": 1}, retrain_on="any_change"
    ),
    "direct-approval": pipeline(orchestration="direct", approval={"timeout_minutes": 5}),
    "direct-canary": pipeline(
        orchestration="direct", endpoint={"instance_count": 4, "deployment": {"strategy": "canary"}}
    ),
    "contract": pipeline(data=CONTRACT, slack={"channel": "ml", "token_parameter": "/slack"}),
    "direct-contract": pipeline(
        data=CONTRACT, orchestration="direct", slack={"channel": "ml", "token_parameter": "/slack"}
    ),
    "direct-own": pipeline(orchestration="direct", training=OWN),
    "own": pipeline(training=OWN),
    "pinned": pipeline(window={"start": "2026-11-01", "end": "2026-11-07", "timezone": "Europe/Berlin"}),
    "slack": pipeline(slack={"channel": "ml", "token_secret": "refit/slack"}),
    "canary": pipeline(endpoint={"instance_count": 4, "deployment": {"strategy": "canary"}}),
    "everything": pipeline(
        training={"hyperparameters": {"epochs": "15"}},
        endpoint={"name": "serving", "timeout_minutes": 1440},
        tags={"team": "pricing"},
        poll_interval_seconds=3600,
    ),
}


every_variant = pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)


def applied(one: Pipeline) -> str:
    """The definition as Terraform sends it to AWS."""
    text = state_machine.render(one)
    text = text.replace("${partition}", "aws")
    for name in PLACEHOLDERS:
        text = text.replace(f"${{{name}}}", f"arn:aws:lambda:us-west-2:123456789012:function:{name}")
    return text


def states(one: Pipeline) -> dict[str, Any]:
    """The states of a pipeline's definition, by name."""
    found = json.loads(state_machine.render(one))["States"]
    assert isinstance(found, dict)
    return found


def settings_of(one: Pipeline, task: str) -> dict[str, Any]:
    """The settings that a Lambda of the definition gets."""
    found = states(one)[task]["Parameters"]["settings"]
    assert isinstance(found, dict)
    return found

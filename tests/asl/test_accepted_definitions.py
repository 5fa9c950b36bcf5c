"""Step Functions accepts the state machine of every pipeline: its check finds nothing in it, not even a warning."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from refit.embedded_cloud.step_functions.definition import check
from refit.pipeline.model import Pipeline
from tests.support.definitions import GATE, OWN, applied, every_variant, pipeline

OPTIONS: dict[str, list[dict[str, Any]]] = {
    "orchestration": [{"orchestration": "polling"}, {"orchestration": "direct"}],
    "gate": [{}, {"gate": GATE, "window": {"holdout_days": 1}}],
    "approval": [{}, {"approval": {"timeout_minutes": 5}}],
    "training": [{}, {"training": OWN}],
    "deployment": [
        {"endpoint": {"instance_count": 4, "deployment": {"strategy": strategy}}}
        for strategy in ("all-at-once", "canary", "linear", "rolling")
    ],
}


@every_variant
def test_nothing_is_found_in_a_definition(variant: Pipeline) -> None:
    assert check(applied(variant)) == []


def test_nothing_is_found_with_any_options_together() -> None:
    found = {}
    for chosen in itertools.product(*OPTIONS.values()):
        fields = {name: value for option in chosen for name, value in option.items()}
        found[json.dumps(fields)] = check(applied(pipeline(**fields)))
    assert len(found) == 2 * 2 * 2 * 2 * 4
    assert {fields: findings for fields, findings in found.items() if findings} == {}


@pytest.mark.parametrize("orchestration", ["polling", "direct"])
def test_a_misspelt_target_would_be_found(orchestration: str) -> None:
    definition = applied(pipeline(orchestration=orchestration)).replace('"Next": "CheckDataBranch"', '"Next": "Check"')
    first = check(definition)[0]
    assert (first.code, first.location) == ("MISSING_TRANSITION_TARGET", "/States/CheckData/Next")

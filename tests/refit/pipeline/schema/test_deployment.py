"""endpoint.deployment in a pipeline file: every rule, with its location, its code and what to write instead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.pipeline.schema.deployment import Deployment
from refit.pipeline.schema.endpoint import Endpoint
from tests.support.checkout import MINIMAL, load, problem


def written(deployment: str, endpoint: str = "instance_count = 4") -> str:
    return f"endpoint = {{ {endpoint}, deployment = {{ {deployment} }} }}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            written('strategy = "blue-green"'),
            '60: not-a-choice endpoint.deployment.strategy must be "all-at-once", "canary", "linear" or "rolling", '
            'got "blue-green"; '
            'write endpoint = { instance_count = 4, deployment = { strategy = "canary" } }',
        ),
        (
            written('strategy = "canary", batch_percent = 51'),
            "be between 5 and 50, and at least 10 with linear, got 51",
        ),
        (
            written('strategy = "canary", batch_percent = 4'),
            "must be between 5 and 50, and at least 10 with linear, got 4",
        ),
        (
            written('strategy = "linear", batch_percent = 9, wait_seconds = 0'),
            "out-of-range endpoint.deployment.batch_percent must be at least 10 with linear, got 9; "
            "write batch_percent = 10",
        ),
        (
            written('strategy = "canary", wait_seconds = 3601'),
            "out-of-range endpoint.deployment.wait_seconds must be between 0 and 3600, got 3601",
        ),
        (
            written('strategy = "canary", termination_wait_seconds = 3601'),
            "endpoint.deployment.termination_wait_seconds must be between 0 and 3600, got 3601",
        ),
        (
            written('strategy = "canary", timeout_minutes = 9'),
            "endpoint.deployment.timeout_minutes must be between 10 and 480, which is eight hours, got 9",
        ),
        (written('strategy = "canary", timeout_minutes = 481'), "which is eight hours, got 481"),
        (
            written(f'strategy = "canary", alarms = {json.dumps([str(n) for n in range(11)])}'),
            "too-many endpoint.deployment.alarms must contain at most ten alarm names",
        ),
        *(
            (
                written(f'strategy = "canary", alarms = ["{name}"]'),
                "bad-name endpoint.deployment.alarms must contain",
            )
            for name in ("", " ", "a*", "a?", "$$${a}", " a", "a" * 256)
        ),
        (
            written("wait_seconds = 60"),
            "other-strategy endpoint.deployment.wait_seconds has no effect with the strategy all-at-once; "
            'add strategy = "canary", or remove it',
        ),
        (
            written('strategy = "rolling", termination_wait_seconds = 60'),
            "other-strategy endpoint.deployment.termination_wait_seconds has no effect with the strategy rolling; "
            "remove it",
        ),
        (
            written('strategy = "canary"', "instance_count = 1"),
            "batch-too-large endpoint.deployment.strategy must be all-at-once with one instance, got canary; "
            "write instance_count = 2: a batch may be at most half of the instances",
        ),
        (
            written('strategy = "rolling", batch_percent = 50', "instance_count = 3"),
            "batch-too-large endpoint.deployment.batch_percent must be at most half of the 3 instances, got 50, "
            "which is 2; write batch_percent = 33",
        ),
        (
            written('strategy = "canary", wait_seconds = 540, termination_wait_seconds = 60, timeout_minutes = 10'),
            "waits-too-long endpoint.deployment.timeout_minutes must be more than the 600 seconds that the deployment "
            "waits, got 10; write timeout_minutes = 11, or shorten the waits",
        ),
        (
            written('strategy = "linear", wait_seconds = 900', "instance_count = 4, timeout_minutes = 60"),
            "waits-too-long endpoint.timeout_minutes must be more than the 3600 seconds that the deployment waits, "
            "got 60; write timeout_minutes = 61, or shorten the waits",
        ),
        (
            written('strategy = "canary", canary_size = 1'),
            "unknown-field there is no field endpoint.deployment.canary",
        ),
    ],
)
def test_what_sagemaker_could_not_do_is_refused_before_an_apply(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in problem(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "endpoint = { deployment = null }\n",
        "endpoint = { deployment = {} }\n",
        'endpoint = { deployment = { strategy = "all-at-once" } }\n',
    ],
)
def test_all_at_once_is_what_is_not_written(tmp_path: Path, text: str) -> None:
    found = load(tmp_path, MINIMAL + text)
    assert found.endpoint.deployment == Deployment()
    assert not found.endpoint.deployment.guarded


def test_the_stacks_own_alarm_watches_unless_others_are_named(tmp_path: Path) -> None:
    found = load(tmp_path, MINIMAL + written('strategy = "canary"'))
    assert found.rollback_alarms == ("refit-home-prices-endpoint-errors",)
    named = load(tmp_path, MINIMAL + written('strategy = "canary", alarms = ["Errors 1", "Größe/2"]'))
    assert named.rollback_alarms == ("Errors 1", "Größe/2")


@given(st.integers(2, 100), st.sampled_from(["canary", "linear", "rolling"]))
def test_the_default_batch_fits_every_fleet_of_two_or_more(instance_count: int, strategy: str) -> None:
    found = Endpoint.model_validate({"instance_count": instance_count, "deployment": {"strategy": strategy}})
    assert 1 <= found.deployment.batch_size(instance_count) <= instance_count / 2


@pytest.mark.parametrize(
    ("deployment", "seconds"),
    [
        ({}, 0),
        ({"strategy": "canary", "wait_seconds": 60, "termination_wait_seconds": 30}, 90),
        ({"strategy": "linear", "batch_percent": 30, "wait_seconds": 60, "termination_wait_seconds": 30}, 270),
        ({"strategy": "rolling", "batch_percent": 50, "wait_seconds": 60}, 120),
    ],
)
def test_the_waits_of_a_deployment_add_up(deployment: dict[str, object], seconds: int) -> None:
    assert Deployment.model_validate(deployment).waits_seconds == seconds

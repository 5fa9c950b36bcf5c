"""The instances that a deployment adds, and for how long, by its strategy, batches and waits."""

from __future__ import annotations

import pytest

from refit.costs.second_fleet import deployment_minutes, extra_hours, extra_instances
from tests.support.definitions import pipeline


@pytest.mark.parametrize(
    ("deployment", "minutes", "instances"),
    [
        ({"strategy": "all-at-once"}, 8, 4),
        ({"strategy": "canary", "wait_seconds": 600}, 8 + 10, 4),
        ({"strategy": "canary", "wait_seconds": 600, "termination_wait_seconds": 90}, 8 + 12, 4),
        ({"strategy": "linear", "batch_percent": 25, "wait_seconds": 300}, 8 + 4 * 5, 4),
        ({"strategy": "rolling", "batch_percent": 25, "wait_seconds": 300}, 4 * 8 + 4 * 5, 1),
        ({"strategy": "rolling", "batch_percent": 50, "wait_seconds": 0}, 2 * 8, 2),
    ],
)
def test_a_blue_green_deployment_doubles_the_fleet_and_a_rolling_one_adds_a_batch(
    deployment: dict[str, object], minutes: int, instances: int
) -> None:
    endpoint = pipeline(endpoint={"instance_count": 4, "deployment": deployment}).endpoint
    assert deployment_minutes(endpoint.deployment) == minutes
    assert extra_instances(endpoint) == instances
    assert extra_hours(endpoint) == pytest.approx(instances * minutes / 60)

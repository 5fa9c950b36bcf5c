"""The status of a deployment: at first DescribeEndpoint may describe what was there before it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from refit.domain import endpoint_status

STARTED = datetime(2026, 11, 22, 6, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def state(status: str, config: str, modified: int, seconds: int, **members: Any) -> str:
    """The state `seconds` after a deployment of `new` started, of an endpoint that was `modified` seconds after it."""
    described = {
        **members,
        "EndpointName": "prices",
        "EndpointStatus": status,
        "EndpointConfigName": config,
        "LastModifiedTime": STARTED + timedelta(seconds=modified),
    }
    return endpoint_status.of_endpoint(described, "new", STARTED + timedelta(seconds=seconds), STARTED, HOUR)["state"]


@pytest.mark.parametrize("status", ["InService", "OutOfService", "UpdateRollbackFailed"])
def test_a_description_from_before_the_deployment_is_no_verdict_in_its_first_minute(status: str) -> None:
    assert state(status, "old", modified=-1, seconds=1) == "InProgress"
    assert state(status, "old", modified=-1, seconds=59) == "InProgress"
    assert state(status, "old", modified=-1, seconds=60) == "DeploymentFailed"


def test_a_rollback_is_found_at_once() -> None:
    assert state("InService", "old", modified=0, seconds=1) == "DeploymentFailed"


def test_a_deployment_that_has_begun_is_judged_at_once() -> None:
    assert state("Failed", "new", modified=-1, seconds=1) == "DeploymentFailed"
    assert state("InService", "new", modified=-1, seconds=1) == "DeploymentCompleted"


def test_an_endpoint_that_changes_to_another_config_was_rolled_back() -> None:
    pending = {"EndpointConfigName": "by-hand"}
    assert state("InService", "old", modified=1, seconds=2, PendingDeploymentSummary=pending) == "DeploymentFailed"


def test_a_deployment_that_ended_in_time_is_judged_by_its_end() -> None:
    assert state("InService", "new", modified=1, seconds=86_400) == "DeploymentCompleted"


@pytest.mark.parametrize(
    ("seconds", "created", "expected"),
    [(1, True, "InProgress"), (60, True, "DeploymentFailed"), (1, False, "DeploymentFailed")],
)
def test_only_a_new_endpoint_may_be_missing_at_first(seconds: int, created: bool, expected: str) -> None:
    now = STARTED + timedelta(seconds=seconds)
    assert endpoint_status.of_missing(now, STARTED, created=created)["state"] == expected

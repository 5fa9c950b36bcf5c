"""The status of a deployment in JSONata, which must equal that of refit.domain.endpoint_status in polling."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore import loaders

from refit.domain import endpoint_status
from refit.domain.endpoint_status import ENDPOINT_STATES
from refit.domain.errors import UnknownStatus
from tests.support.jsonata import ENTERED, NAME, OTHER, context, expression, instant

STATUSES = loaders.Loader().load_service_model("sagemaker", "service-2")["shapes"]["EndpointStatus"]["enum"]
CONSTANTS = {
    "ENDPOINT": "prices",
    "LIMIT": "60 minutes",
    "TIMEOUT_MILLISECONDS": 60 * 60 * 1000,
    "MAX_WAIT_SECONDS": 120,
}
TRAINED = {"model_data": "s3://b/model.tar.gz", "metrics": {"train:mse": 2.5}, "billable_seconds": 61}
JOB = {"state": "JobCompleted", "detail": "Completed", "reason": "", **TRAINED}


def deploying(minutes: float, action: str = "updated") -> dict[str, Any]:
    """The document of a run whose deployment started `minutes` ago."""
    deployment = {"endpoint_config": NAME, "action": action, "started_at": instant(started(minutes))}
    return {"deployment": deployment | {"next_look_seconds": 60}, "status": JOB}


def started(minutes: float) -> datetime:
    return ENTERED - timedelta(minutes=minutes)


@pytest.mark.parametrize("status", sorted({*STATUSES, "Unheard"} | ENDPOINT_STATES.keys()))
@pytest.mark.parametrize("current", [NAME, OTHER])
@pytest.mark.parametrize("pending", [None, NAME, OTHER])
@pytest.mark.parametrize("reason", [None, "no capacity"])
@pytest.mark.parametrize("minutes", [0.5, 1, 61])
@pytest.mark.parametrize("modified", [None, -1, 0, 1])
def test_an_endpoint_is_judged_as_polling_does(
    status: str, current: str, pending: str | None, reason: str | None, minutes: float, modified: int | None
) -> None:
    endpoint: dict[str, Any] = {
        "EndpointName": "prices",
        "EndpointStatus": status,
        "EndpointConfigName": current,
        **({"PendingDeploymentSummary": {"EndpointConfigName": pending}} if pending else {}),
        **({"FailureReason": reason} if reason else {}),
    }
    if modified is not None:
        endpoint["LastModifiedTime"] = started(minutes) + timedelta(seconds=modified)
    sections = polling(endpoint, started(minutes))
    in_text = {name: instant(value) if isinstance(value, datetime) else value for name, value in endpoint.items()}
    judged = expression("endpoint_status", deploying(minutes), CONSTANTS, result=in_text)
    assert {section: judged[section] for section in sections} == sections


def polling(endpoint: dict[str, Any], started_at: datetime) -> dict[str, Any]:
    """The status that GetStatus adds to the run document."""
    try:
        judged = endpoint_status.of_endpoint(endpoint, NAME, ENTERED, started_at, timedelta(minutes=60))
    except UnknownStatus as error:
        return {"failed": {"GetStatus": {"Error": "UnknownStatus", "Cause": str(error)}}}
    return {"status": TRAINED | judged}


def test_the_looks_at_an_endpoint_come_ever_later_and_at_least_every_two_minutes() -> None:
    endpoint = {"EndpointName": "prices", "EndpointStatus": "Updating", "EndpointConfigName": OTHER}
    document: Any = deploying(0)
    waits = []
    for _ in range(4):
        waits.append(document["deployment"]["next_look_seconds"])
        document = expression("endpoint_status", document, CONSTANTS, result=endpoint)
    assert waits == [60, 120, 120, 120]


@pytest.mark.parametrize("action", ["created", "updated", "adopted"])
@pytest.mark.parametrize("minutes", [0.5, 1])
def test_an_endpoint_that_is_not_found_is_reported_as_in_polling(action: str, minutes: float) -> None:
    error = {"Error": "SageMaker.SageMakerException", "Cause": 'Could not find endpoint "prices". (Service: SageMaker)'}
    before = deploying(minutes, action)
    missing = endpoint_status.of_missing(ENTERED, started(minutes), created=action == "created")
    assert missing["state"] == ("InProgress" if (action, minutes) == ("created", 0.5) else "DeploymentFailed")
    assert expression("endpoint_missing", before, errorOutput=error) == before | {"status": TRAINED | missing}


def test_any_other_error_is_a_failure_to_get_the_status() -> None:
    error = {"Error": "SageMaker.SageMakerException", "Cause": "Rate exceeded (Service: SageMaker)"}
    judged = expression("endpoint_missing", deploying(1), errorOutput=error)
    assert judged == deploying(1) | {"failed": {"GetStatus": error}}


@pytest.mark.parametrize("action", ["created", "updated", "adopted"])
@pytest.mark.parametrize("model", [None, OTHER])
def test_a_deployment_is_what_deploy_model_returns(action: str, model: str | None) -> None:
    document = {"name": NAME, **({"model": model} if model else {})}
    constants = {"ENDPOINT": "prices", "ACTION": action, "POLL_INTERVAL_SECONDS": 60}
    assert expression("deployment", document, constants)["deployment"] == {
        "model": model or NAME,
        "endpoint_config": NAME,
        "endpoint": "prices",
        "action": action,
        "started_at": context()["State"]["EnteredTime"],
        "next_look_seconds": 60,
    }

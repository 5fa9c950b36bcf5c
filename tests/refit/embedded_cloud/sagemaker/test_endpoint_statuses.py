"""The statuses of an endpoint in their order, with the deployment's waits controlled by the test."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

import pytest

from refit.embedded_cloud import faults
from refit.embedded_cloud.sagemaker import deployment, endpoint_statuses, endpoints, store
from refit.embedded_cloud.sagemaker.errors import ApiError
from refit.embedded_cloud.sagemaker.resources import Endpoint, EndpointConfig, now
from refit.embedded_cloud.sagemaker.scope import Scope
from tests.support.waiting import WAIT_SECONDS, until

SCOPE = Scope("000000000000", "us-west-2")
NAME = {"EndpointName": "homes"}
EVENTS = ("loaded", "not_loaded", "update", "delete", "lost", "rolled_back")


class Waits:
    """The waits of a deployment, one for each status: `status` is that of the next, `end` lets it pass."""

    def __init__(self) -> None:
        self._statuses: queue.Queue[str] = queue.Queue()
        self._ends: queue.Queue[None] = queue.Queue()

    def wait(self, endpoint: Endpoint, _: float) -> None:
        self._statuses.put(endpoint.status)
        self._ends.get(timeout=WAIT_SECONDS)

    def status(self) -> str:
        return self._statuses.get(timeout=WAIT_SECONDS)

    def end(self) -> None:
        self._ends.put(None)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[Waits]:
    waits = Waits()
    monkeypatch.setattr(deployment, "_wait_out_status", waits.wait)
    yield waits
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "endpoint-homes"])
    store.clear()
    faults.replace({})


def add(status: str) -> Endpoint:
    """An endpoint of the config `old`, and a config `new`."""
    fields = {"account": SCOPE.account, "region": SCOPE.region, "created": now(), "modified": now()}
    variant = {"VariantName": "AllTraffic", "ModelName": "model", "InitialVariantWeight": 1.0}
    variant |= {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    for name in ("old", "new"):
        store.add(EndpointConfig(name=name, request={"ProductionVariants": [variant]}, **fields))
    endpoint = Endpoint(name="homes", status=status, config="old", **fields)
    store.add(endpoint)
    return endpoint


def test_an_endpoint_is_deleting_until_it_is_gone(waits: Waits) -> None:
    add("Failed")
    endpoints.delete(NAME, SCOPE)
    assert waits.status() == endpoints.describe(NAME, SCOPE)["EndpointStatus"] == "Deleting"
    with pytest.raises(ApiError, match="Cannot update in-progress endpoint"):
        endpoints.delete(NAME, SCOPE)
    waits.end()
    until(lambda: store.find(Endpoint, SCOPE, "homes") is None)


def test_an_update_that_fails_rolls_back_before_the_endpoint_is_in_service_again(waits: Waits) -> None:
    add("InService")
    faults.replace({"endpoint": {"roll_back": 1}})
    endpoints.update({**NAME, "EndpointConfigName": "new"}, SCOPE)
    for status in ("Updating", "RollingBack"):
        assert waits.status() == status
        described = endpoints.describe(NAME, SCOPE)
        assert (described["EndpointStatus"], described["EndpointConfigName"]) == (status, "old")
        assert described["PendingDeploymentSummary"]["EndpointConfigName"] == "new"
        waits.end()
    until(lambda: endpoints.describe(NAME, SCOPE)["EndpointStatus"] == "InService")
    assert "PendingDeploymentSummary" not in endpoints.describe(NAME, SCOPE)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Creating", {"loaded": "InService", "not_loaded": "Failed"}),
        ("InService", {"update": "Updating", "delete": "Deleting", "lost": "Failed"}),
        ("Updating", {"loaded": "InService", "not_loaded": "RollingBack"}),
        ("RollingBack", {"rolled_back": "InService"}),
        ("Failed", {"delete": "Deleting"}),
        ("Deleting", {}),
    ],
)
def test_a_status_leads_to_the_statuses_that_aws_documents_and_to_no_other(
    status: str, expected: dict[str, str]
) -> None:
    for event in EVENTS:
        fields = {"account": SCOPE.account, "region": SCOPE.region, "created": 0.0, "modified": 0.0}
        endpoint = Endpoint(name="homes", status=status, config="old", **fields)
        assert endpoint_statuses.move(endpoint, event, 1.0) is (event in expected)
        assert endpoint.status == expected.get(event, status)
        assert endpoint.modified == (1.0 if event in expected else 0.0)

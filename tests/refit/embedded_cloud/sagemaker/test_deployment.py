"""Deployments: an endpoint is updated without a failed request, rolled back, or held by a scripted hang."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError

from refit.embedded_cloud import faults
from tests.support.embedded_cloud.customer import BUCKET, Customer
from tests.support.waiting import until


class Client:
    """Invokes an endpoint without pause, and stores the scores and failures."""

    def __init__(self, customer: Customer, endpoint: str) -> None:
        self._customer = customer
        self._endpoint = endpoint
        self._done = threading.Event()
        self.scores: list[float] = []
        self.failures: list[str] = []

    def run(self) -> None:
        while not self._done.is_set():
            try:
                self.scores.append(self._customer.score(self._endpoint))
            except ClientError as error:
                self.failures.append(str(error))

    def stop(self) -> None:
        self._done.set()


@contextmanager
def invoking(customer: Customer, endpoint: str) -> Iterator[Client]:
    client = Client(customer, endpoint)
    threads = [threading.Thread(target=client.run) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield client
    finally:
        client.stop()
        for thread in threads:
            thread.join()


def test_an_update_fails_no_request_and_changes_the_answers_once(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    old, new = customer.endpoint(name)["EndpointConfigName"], customer.new_config(customer.tripling)
    faults.set(customer.cloud, {"endpoint": "hang"})
    with invoking(customer, name) as client:
        customer.update(name, new)
        updating = customer.endpoint(name)
        assert (updating["EndpointStatus"], updating["EndpointConfigName"]) == ("Updating", old)
        assert updating["PendingDeploymentSummary"]["EndpointConfigName"] == new
        until(lambda: client.scores)
        faults.clear(customer.cloud)
        updated = customer.settled(name)
        until(lambda: client.scores[-1], lambda score: score == 3)
    assert (updated["EndpointStatus"], updated["EndpointConfigName"]) == ("InService", new)
    assert "PendingDeploymentSummary" not in updated
    assert updated["LastModifiedTime"] > updated["CreationTime"]
    assert client.failures == []
    assert set(client.scores) == {2, 3}


def test_an_update_that_cannot_load_its_model_rolls_back_and_never_stops_serving(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    old = customer.endpoint(name)["EndpointConfigName"]
    broken = customer.new_config(customer.put("not a tar.gz", "models/broken/output/model.tar.gz"))
    with invoking(customer, name) as client:
        customer.update(name, broken)
        rolled_back = customer.settled(name)
        until(lambda: client.scores)
    assert (rolled_back["EndpointStatus"], rolled_back["EndpointConfigName"]) == ("InService", old)
    assert rolled_back["FailureReason"].startswith(
        'Failed to extract model data archive for container "container_1" from URL '
        '"s3://homes/models/broken/output/model.tar.gz". Please ensure that the object located at the URL is a valid '
        "tar.gz archive."
    )
    assert client.failures == []
    assert set(client.scores) == {2}


def test_a_scripted_roll_back_is_silent(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    old, new = customer.endpoint(name)["EndpointConfigName"], customer.new_config(customer.tripling)
    faults.set(customer.cloud, {"endpoint": {"roll_back": 1}})
    customer.update(name, new)
    found = customer.settled(name)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", old)
    assert "FailureReason" not in found

    customer.update(name, new)
    assert customer.settled(name)["EndpointConfigName"] == new


def test_a_model_that_was_deleted_since_rolls_the_update_back(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    config = customer.new_config(customer.tripling)
    variant = customer.sagemaker.describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"][0]
    customer.sagemaker.delete_model(ModelName=variant["ModelName"])
    customer.update(name, config)
    found = customer.settled(name)
    assert found["EndpointConfigName"] != config
    assert found["FailureReason"].startswith('Could not find model "arn:aws:sagemaker:')


def test_an_artifact_that_is_gone_fails_the_creation(customer: Customer) -> None:
    artifact = customer.put("soon gone", "models/gone/output/model.tar.gz")
    config = customer.new_config(artifact)
    customer.s3.delete_object(Bucket=BUCKET, Key="models/gone/output/model.tar.gz")
    failed = customer.settled(customer.start_endpoint(config))
    assert failed["EndpointStatus"] == "Failed"
    assert (
        f'Failed to download model data for container "container_1" from URL: "{artifact}"' in failed["FailureReason"]
    )


def test_a_model_in_use_can_be_deleted_and_the_endpoint_serves_on(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    config = customer.endpoint(name)["EndpointConfigName"]
    variant = customer.sagemaker.describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"][0]
    customer.sagemaker.delete_model(ModelName=variant["ModelName"])
    assert customer.score(name) == 2
    customer.update(name, customer.new_config(customer.tripling))
    customer.settled(name)
    assert customer.score(name) == 3


@pytest.mark.parametrize("kind", ["create", "update"])
def test_a_scripted_hang_lasts_until_the_faults_change(customer: Customer, kind: str) -> None:
    config = customer.new_config(customer.tripling)
    name = customer.new_endpoint(customer.doubling) if kind == "update" else ""
    faults.set(customer.cloud, {"endpoint": "hang"})
    if kind == "update":
        customer.update(name, config)
    else:
        name = customer.start_endpoint(config)
    time.sleep(1)
    assert customer.endpoint(name)["EndpointStatus"] == {"create": "Creating", "update": "Updating"}[kind]
    faults.clear(customer.cloud)
    assert customer.settled(name)["EndpointConfigName"] == config
    assert customer.score(name) == 3

"""Endpoints: created, updated without a failed request, rolled back, deleted; and what each status refuses."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError

from refit.embedded_cloud import faults
from tests.support.embedded_cloud.customer import BUCKET, LEAST_PRIVILEGE, Customer, refused, until


class Client:
    """Asks an endpoint without a pause, and counts."""

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
def asking(customer: Customer, endpoint: str) -> Iterator[Client]:
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


def test_an_endpoint_is_created_and_answers(customer: Customer) -> None:
    config = customer.new_config(customer.doubling)
    name = customer.start_endpoint(config)
    creating = customer.endpoint(name)
    assert (creating["EndpointStatus"], creating["EndpointConfigName"]) == ("Creating", config)
    assert refused(lambda: customer.ask(name)) == (
        "ValidationError",
        f"Endpoint {name} of account 000000000000 not found.",
    )

    serving = customer.settled(name)
    assert serving["EndpointStatus"] == "InService"
    assert "FailureReason" not in serving
    (variant,) = serving["ProductionVariants"]
    assert (variant["VariantName"], variant["CurrentInstanceCount"], variant["CurrentWeight"]) == ("AllTraffic", 2, 1.0)
    assert variant["DeployedImages"][0]["SpecifiedImage"].endswith("linear-learner:1")
    assert customer.score(name) == 2


def test_an_update_fails_no_request_and_changes_the_answers_once(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    old, new = customer.endpoint(name)["EndpointConfigName"], customer.new_config(customer.tripling)
    with asking(customer, name) as client:
        customer.update(name, new)
        updating = customer.endpoint(name)
        assert (updating["EndpointStatus"], updating["EndpointConfigName"]) == ("Updating", old)
        assert updating["PendingDeploymentSummary"]["EndpointConfigName"] == new
        updated = customer.settled(name)
        until(lambda: client.scores[-1], lambda score: score == 3)
    assert (updated["EndpointStatus"], updated["EndpointConfigName"]) == ("InService", new)
    assert "PendingDeploymentSummary" not in updated
    assert updated["LastModifiedTime"] > updated["CreationTime"]
    assert client.failures == []
    assert set(client.scores) == {2, 3}


@pytest.mark.parametrize("operation", ["update_endpoint", "delete_endpoint"])
@pytest.mark.parametrize("status", ["Creating", "Updating"])
def test_an_endpoint_in_progress_accepts_no_change(customer: Customer, status: str, operation: str) -> None:
    config = customer.new_config(customer.doubling)
    name = customer.new_endpoint(customer.doubling) if status == "Updating" else customer.start_endpoint(config)
    if status == "Updating":
        customer.update(name, config)
    arguments = {"EndpointName": name, **({"EndpointConfigName": config} if operation == "update_endpoint" else {})}
    code, message = refused(lambda: getattr(customer.sagemaker, operation)(**arguments))
    assert code == "ValidationException"
    assert message == f'Cannot update in-progress endpoint "{customer.endpoint(name)["EndpointArn"]}".'
    assert customer.settled(name)["EndpointStatus"] == "InService"


def test_an_update_that_cannot_load_its_model_rolls_back_and_never_stops_serving(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    old = customer.endpoint(name)["EndpointConfigName"]
    broken = customer.new_config(customer.put("not a tar.gz", "models/broken/output/model.tar.gz"))
    with asking(customer, name) as client:
        customer.update(name, broken)
        until(lambda: customer.endpoint(name)["EndpointStatus"], lambda status: status == "RollingBack")
        rolled_back = customer.settled(name)
    assert (rolled_back["EndpointStatus"], rolled_back["EndpointConfigName"]) == ("InService", old)
    assert "AllTraffic did not pass the ping health check" in rolled_back["FailureReason"]
    assert "not a tar.gz" in rolled_back["FailureReason"]
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


def test_a_failed_endpoint_accepts_deletion_alone(customer: Customer) -> None:
    faults.set(customer.cloud, {"endpoint": "fail_create"})
    name = customer.start_endpoint(customer.new_config(customer.doubling))
    failed = customer.settled(name)
    assert failed["EndpointStatus"] == "Failed"
    assert failed["FailureReason"] == "A scripted fault failed this endpoint (endpoint.fail_create)."
    assert refused(lambda: customer.update(name, failed["EndpointConfigName"]))[0] == "ValidationException"
    assert refused(lambda: customer.ask(name))[0] == "ValidationError"

    customer.sagemaker.delete_endpoint(EndpointName=name)
    assert customer.endpoint(name)["EndpointStatus"] == "Deleting"
    assert gone(customer, name)


def test_a_deleted_endpoint_answers_no_more_and_frees_its_name(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    config = customer.endpoint(name)["EndpointConfigName"]
    customer.sagemaker.delete_endpoint(EndpointName=name)
    assert refused(lambda: customer.ask(name))[0] == "ValidationError"
    assert gone(customer, name)
    customer.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
    assert customer.settled(name)["EndpointStatus"] == "InService"


def test_a_config_and_a_model_in_use_can_be_deleted_and_the_endpoint_serves_on(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    config = customer.endpoint(name)["EndpointConfigName"]
    variant = customer.sagemaker.describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"][0]
    customer.sagemaker.delete_model(ModelName=variant["ModelName"])
    customer.sagemaker.delete_endpoint_config(EndpointConfigName=config)
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


def test_a_name_is_taken_while_the_endpoint_exists(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    found = customer.endpoint(name)
    request = {"EndpointName": name, "EndpointConfigName": found["EndpointConfigName"]}
    assert refused(lambda: customer.sagemaker.create_endpoint(**request)) == (
        "ValidationException",
        f'Cannot create already existing endpoint "{found["EndpointArn"]}".',
    )


def test_names_are_one_in_upper_and_lower_case_but_for_the_runtime(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    config = customer.endpoint(name)["EndpointConfigName"]
    assert customer.endpoint(name.upper())["EndpointName"] == name
    request = {"EndpointName": name.upper(), "EndpointConfigName": config}
    assert refused(lambda: customer.sagemaker.create_endpoint(**request))[1].startswith(
        "Cannot create already existing"
    )
    assert refused(lambda: customer.ask(name.upper()))[0] == "ValidationError"


def test_what_does_not_exist_is_not_found(customer: Customer) -> None:
    sagemaker, arns = customer.sagemaker, f"arn:aws:sagemaker:{customer.cloud.region}:000000000000"
    no_endpoint = ("ValidationException", f'Could not find endpoint "{arns}:endpoint/never".')
    no_config = ("ValidationException", f'Could not find endpoint configuration "{arns}:endpoint-config/never".')
    name, config = customer.new_endpoint(customer.doubling), customer.new_config(customer.doubling)
    assert refused(lambda: sagemaker.describe_endpoint(EndpointName="never")) == no_endpoint
    assert refused(lambda: sagemaker.delete_endpoint(EndpointName="never")) == no_endpoint
    assert refused(lambda: customer.update("never", config)) == no_endpoint
    assert refused(lambda: customer.update(name, "never")) == no_config
    assert refused(lambda: customer.start_endpoint("never")) == no_config
    assert refused(lambda: sagemaker.describe_endpoint_config(EndpointConfigName="never")) == no_config
    assert refused(lambda: sagemaker.delete_endpoint_config(EndpointConfigName="never")) == no_config


def test_a_role_that_may_not_read_the_model_is_refused_with_the_permissions_it_needs(customer: Customer) -> None:
    role = customer.new_role(LEAST_PRIVILEGE[:1])
    container = {"Image": "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1"}
    model = {"ModelName": customer.name("model"), "ExecutionRoleArn": role}
    container["ModelDataUrl"] = customer.doubling
    code, message = refused(lambda: customer.sagemaker.create_model(**model, PrimaryContainer=container))
    assert code == "ValidationException"
    assert message.startswith(f"Could not access model data at {customer.doubling}.")
    assert '"s3:GetObject"' in message


def gone(customer: Customer, name: str) -> bool:
    def look() -> str:
        try:
            return str(customer.endpoint(name)["EndpointStatus"])
        except ClientError as error:
            return str(error.response["Error"]["Message"])

    return bool(until(look, lambda seen: seen.startswith("Could not find endpoint")))

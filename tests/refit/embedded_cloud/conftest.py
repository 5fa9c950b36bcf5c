"""Clouds with the settings of `refit local up`, and roles, functions and state machines on a module's cloud."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from refit.embedded_cloud import lifecycle
from tests.support.waiting import until

Client = Callable[..., Any]
Outcome = Callable[..., dict[str, Any]]

HANDLERS = """
import logging, os

class Throttled(Exception):
    pass

logging.getLogger().setLevel("INFO")
def handler(event, context):
    logging.info("event: %s", event.get("do"))
    if event.get("do") == "raise":
        raise Throttled("too much")
    if event.get("do") == "exit":
        os._exit(1)
    return {"seen": event}
"""


@pytest.fixture(scope="module")
def cloud_settings() -> Mapping[str, str]:
    return {}


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    """A state directory whose cloud, if a test starts one, is stopped."""
    yield tmp_path / ".refit"
    lifecycle.stop(tmp_path / ".refit")


@pytest.fixture(scope="module")
def sfn(client: Client) -> Any:
    return client("stepfunctions")


@pytest.fixture(scope="module")
def role(client: Client) -> Callable[..., str]:
    """Creates a role for a service, which allows (action, resource) pairs; returns its ARN."""
    iam = client("iam")

    def make(service: str, *allowed: tuple[str, str]) -> str:
        name = f"role-{uuid.uuid4().hex[:8]}"
        trust = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        statements = [{"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in allowed]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="allowed", PolicyDocument=policy(*statements))
        return str(arn)

    return make


@pytest.fixture(scope="module")
def distrust(client: Client) -> Callable[[str], None]:
    """Changes a role so that only EC2 can assume it."""

    def change(role_arn: str) -> None:
        trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        name = role_arn.rpartition("/")[2]
        client("iam").update_assume_role_policy(RoleName=name, PolicyDocument=policy(trust))

    return change


@pytest.fixture(scope="module")
def function(client: Client, role: Callable[..., str]) -> Callable[..., str]:
    """Creates a Python function from its source; returns its ARN."""
    service = client("lambda")

    def make(
        source: str, role_arn: str | None = None, memory: int = 256, timeout: int = 120, layers: Sequence[str] = ()
    ) -> str:
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w") as archive:
            archive.writestr("main.py", source)
        created = service.create_function(
            FunctionName=f"function-{uuid.uuid4().hex[:8]}",
            Runtime="python3.12",
            Handler="main.handler",
            Role=role_arn or role("lambda"),
            Code={"ZipFile": zipped.getvalue()},
            Timeout=timeout,
            MemorySize=memory,
            Layers=list(layers),
        )
        return str(created["FunctionArn"])

    return make


@pytest.fixture(scope="module")
def handler(function: Callable[..., str]) -> str:
    """The ARN of a function that raises, exits or echoes, as its event says."""
    return function(HANDLERS)


@pytest.fixture(scope="module")
def machine(sfn: Any, role: Callable[..., str], handler: str) -> Callable[..., str]:
    """Creates a state machine that starts at its first state, by default with a role that may invoke `handler`."""
    able = role("states", ("lambda:InvokeFunction", handler))

    def make(states: dict[str, Any], role_arn: str = able, **fields: Any) -> str:
        definition = {"StartAt": next(iter(states)), "States": states, **fields}
        name = f"machine-{uuid.uuid4().hex[:8]}"
        created = sfn.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role_arn)
        return str(created["stateMachineArn"])

    return make


@pytest.fixture(scope="module")
def ended(sfn: Any) -> Outcome:
    """Waits until an execution has ended, and returns its description."""

    def wait(arn: str) -> dict[str, Any]:
        described: dict[str, Any] = until(
            lambda: sfn.describe_execution(executionArn=arn), lambda execution: execution["status"] != "RUNNING"
        )
        return described

    return wait


@pytest.fixture(scope="module")
def outcome(sfn: Any, ended: Outcome) -> Outcome:
    """Starts an execution, and returns its description once it has ended."""

    def run(machine: str, document: dict[str, Any] | None = None) -> dict[str, Any]:
        arn = sfn.start_execution(stateMachineArn=machine, input=json.dumps(document or {}))["executionArn"]
        return ended(arn)

    return run


@pytest.fixture(scope="module")
def user(client: Client) -> Callable[..., Client]:
    """Creates an IAM user with these policy statements; returns a function that creates the user's clients."""
    iam = client("iam")

    def make(*statements: dict[str, Any]) -> Client:
        name = f"user-{uuid.uuid4().hex[:8]}"
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="allowed", PolicyDocument=policy(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return lambda service: client(service, (key["AccessKeyId"], key["SecretAccessKey"]))

    return make


@pytest.fixture(scope="module")
def refused() -> Callable[..., tuple[str, str]]:
    """Calls an operation that AWS rejects; returns the code and the message of the error."""

    def call(operation: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            operation(**arguments)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    return call


def policy(*statements: dict[str, Any]) -> str:
    """A policy document of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})

"""A run that starts right after an apply uses the new definition, although AWS may start it with the previous one."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from botocore.exceptions import ClientError

from refit.aws import executions, previous_definition
from refit.aws.session import Aws
from refit.embedded_cloud.strict.settings import STRICT
from refit.errors import AwsError
from refit.runs.launcher import Launcher, Run
from tests.support.triggers import Stacks
from tests.support.waiting import until

STARTS = 6


@pytest.fixture(scope="module")
def cloud_settings() -> Mapping[str, str]:
    return {STRICT: "1"}


def add(stacks: Stacks, name: str) -> str:
    """Creates a state machine, once its role is in force; returns its ARN."""

    def added() -> str | None:
        try:
            stacks.add(name, {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}})
        except ClientError:
            return None
        return stacks.machines[name]

    return str(until(added))


def update(stacks: Stacks, name: str, number: int) -> None:
    """Updates the state machine so that its runs wait in a state with this number."""
    states = {f"Wait{number}": {"Type": "Wait", "Seconds": 600, "End": True}}
    text = json.dumps({"StartAt": f"Wait{number}", "States": states})
    stacks.aws.stepfunctions.update_state_machine(stateMachineArn=stacks.machines[name], definition=text)


def test_a_run_with_the_previous_definition_is_stopped_and_started_again(stacks: Stacks, aws: Aws) -> None:
    machine = add(stacks, "late-definition")
    launcher = Launcher(aws, machine, poll_seconds=0.1)
    for number in range(STARTS):
        update(stacks, "late-definition", number)
        launch = launcher.launch(Run(f"run-{number}", {}))
        used = aws.stepfunctions.describe_state_machine_for_execution(executionArn=launch.arn)["definition"]
        assert f"Wait{number}" in used
        assert launch.how == "started"
        again = launcher.launch(Run(f"run-{number}", {}))
        assert (again.arn, again.how) == (launch.arn, "was running"), "the stopped executions are not reported"
    found = [executions.state(aws, arn) for arn in executions.recent(aws, machine, 100)]
    stopped = [one for one in found if one.status == "ABORTED"]
    assert stopped, "in strict mode, every other start right after an update uses the previous definition"
    assert {(one.error, one.reason) for one in stopped} == {(previous_definition.ERROR, previous_definition.CAUSE)}


def test_a_state_machine_that_never_starts_with_its_new_definition_is_an_error(
    stacks: Stacks, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("refit.runs.launcher.DEFINITION_SECONDS", 0.0)
    machine = add(stacks, "latest-definition")
    launcher = Launcher(aws, machine, poll_seconds=0.1)

    def start() -> None:
        for number in range(STARTS):
            update(stacks, "latest-definition", number)
            launcher.launch(Run(f"run-{number}", {}))

    with pytest.raises(AwsError, match=r"run-\d+ started with the previous definition of the state machine, and was"):
        start()


def test_without_the_permission_to_compare_a_run_counts_as_current(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(**_: object) -> None:
        message = {"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}}
        raise ClientError(message, "DescribeStateMachineForExecution")  # type: ignore[arg-type]

    monkeypatch.setattr(aws.stepfunctions, "describe_state_machine_for_execution", denied)
    assert previous_definition.started_with(aws, "machine", "run") is False

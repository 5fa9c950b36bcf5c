"""Starts runs as Step Functions executions, follows them state by state, and reports how they ended.

Does not print. The document that a run passes from state to state is `refit.domain.run_document.Run`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from refit.aws.execution_history import Step, events_after, last_step, newest_steps, step_of
from refit.aws.session import Aws, calling
from refit.aws.visibility import until_found
from refit.domain.outcomes import ABORTED, STILL_RUNNING, TIMED_OUT
from refit.errors import AccessDenied

AWAIT_APPROVAL = "AwaitApproval"  # the state in which a run waits for `refit approve` or `refit reject`
RUNNING = "RUNNING"
SUCCEEDED = "SUCCEEDED"
UNFINISHED = {RUNNING: STILL_RUNNING, "TIMED_OUT": TIMED_OUT, "ABORTED": ABORTED}
"""The outcomes of executions that did not reach an end state, by status."""


@dataclass(frozen=True)
class ExecutionSummary:
    """A run in the list of executions; `status` is Step Functions' status."""

    arn: str
    name: str
    status: str
    started_at: datetime


@dataclass(frozen=True)
class ExecutionState:
    """The state of a run: `outcome` is the name of its last state, or TimedOut, Aborted, Running.

    `seconds` is the time from `started_at` to the end of the run, or until now. `awaits_approval_since` is set while
    the run waits for approval. `error` is the error name of an execution that did not succeed.
    """

    arn: str
    status: str
    outcome: str
    reason: str
    seconds: float
    document: Mapping[str, Any]
    started_at: datetime
    awaits_approval_since: datetime | None = None
    error: str = ""

    @property
    def name(self) -> str:
        """The execution's name, which is the name of the run."""
        return self.arn.rpartition(":")[2]

    @property
    def succeeded(self) -> bool:
        return self.status == SUCCEEDED


def start(aws: Aws, state_machine_arn: str, name: str, event: Mapping[str, Any]) -> str:
    """Starts the execution `name` with `event` as its input; returns its ARN once DescribeExecution finds it.

    If an execution with this name is running with the same input, Step Functions returns that one
    (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html). Raises AwsError.
    """
    with calling(f"start the run {name}"):
        started = aws.stepfunctions.start_execution(
            stateMachineArn=state_machine_arn, name=name, input=json.dumps(event)
        )
    until_found(lambda: _describe(aws, started["executionArn"]))
    return started["executionArn"]


def definition(aws: Aws, state_machine_arn: str) -> str:
    """The deployed definition as JSON. Raises NotFound if the state machine does not exist, AwsError otherwise."""
    with calling("describe the state machine"):
        return aws.stepfunctions.describe_state_machine(stateMachineArn=state_machine_arn)["definition"]


def listed(aws: Aws, state_machine_arn: str, limit: int, *, running: bool = False) -> list[ExecutionSummary]:
    """The newest runs, at most `limit` (1 to 1000), newest first; with `running`, only those that have not ended.

    Raises AwsError.
    """
    only: Any = {"statusFilter": RUNNING} if running else {}
    with calling("list the runs"):
        page = aws.stepfunctions.list_executions(stateMachineArn=state_machine_arn, maxResults=limit, **only)
    return [
        ExecutionSummary(one["executionArn"], one["name"], one["status"], one["startDate"])
        for one in page["executions"]
    ]


def recent(aws: Aws, state_machine_arn: str, limit: int = 1) -> list[str]:
    """The ARNs of the newest runs, at most `limit`, newest first. Raises AwsError."""
    return [one.arn for one in listed(aws, state_machine_arn, limit)]


def arn_of(state_machine_arn: str, run: str) -> str:
    """The ARN of the run `run`, a name or an ARN."""
    executions = state_machine_arn.replace(":stateMachine:", ":execution:")
    return f"{executions}:{run.removeprefix(f'{executions}:')}"


def follow(aws: Aws, arn: str, poll_seconds: float = 2.0, on_wait: Callable[[], None] = lambda: None) -> Iterator[Step]:
    """Yields each state as the run enters and leaves it, until the run has ended; calls `on_wait` before each pause.

    With credentials that may not read the history, yields Running while the run has not ended, and then its outcome.
    Raises AwsError.
    """
    seen, hidden = 0, False
    while True:
        # Read the status before the history: if the run has ended by then, the history is complete.
        described = _describe(aws, arn)
        ended = described["status"] != RUNNING
        try:
            events = [] if hidden else events_after(aws, arn, seen)
        except AccessDenied:
            events, hidden = [], True
            if not ended:
                yield Step(STILL_RUNNING, False, described["startDate"], {})
        for event in events:
            seen = event["id"]
            if step := step_of(event):
                yield step
        if ended:
            if hidden and (last := last_step(described)):
                yield last
            return
        on_wait()
        time.sleep(poll_seconds)


def state(aws: Aws, arn: str) -> ExecutionState:
    """The current state of the run. Raises NotFound if there is no such execution, AwsError otherwise.

    With credentials that may not read the history, a wait for approval is not known, and a failure of a task is called
    Failed; the reason is the same.
    """
    described = _describe(aws, arn)
    status = described["status"]
    try:
        backwards = newest_steps(aws, arn)
        newest = next(backwards, None)
        last = next((step for step in backwards if not step.left), None) if newest and newest.left else newest
    except AccessDenied:
        newest, last = None, last_step(described)
    waits = status == RUNNING and newest is not None and newest.state == AWAIT_APPROVAL and not newest.left
    document = last.document if last else {}
    stopped = described.get("stopDate") or datetime.now(UTC)
    return ExecutionState(
        arn=arn,
        status=status,
        outcome=UNFINISHED.get(status) or (last.state if last else status.title()),
        reason=_reason(described, document),
        seconds=(stopped - described["startDate"]).total_seconds(),
        document=document,
        started_at=described["startDate"],
        awaits_approval_since=newest.at if waits and newest else None,
        error=described.get("error", ""),
    )


def _describe(aws: Aws, arn: str) -> Any:
    with calling("describe the run"):
        return aws.stepfunctions.describe_execution(executionArn=arn)


def _reason(described: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """Why the run ended as it did, in one sentence: the run's own reason, or the error."""
    if reason := (document.get("end") or {}).get("reason"):
        return str(reason)
    failed = document.get("failed") or {}
    for failure in failed.values():
        return f"{failure.get('Error')}: {_cause(failure.get('Cause', ''))}"
    if described["status"] != SUCCEEDED and described.get("cause"):
        return _cause(described["cause"])
    status = document.get("status") or {}
    return str(status.get("reason") or document.get("reason") or described.get("error") or "")


def _cause(cause: str) -> str:
    """The message in a Lambda's Cause, which is JSON; other causes are plain text."""
    try:
        return str(json.loads(cause)["errorMessage"])
    except (ValueError, KeyError, TypeError):
        return cause

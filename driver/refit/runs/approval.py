"""Approves or rejects the model of a run that waits for approval (`refit approve`, `refit reject`).

The run writes its approval request as an object to the bucket, with a task token in it; the answer is a call with that
token. Whoever has the token and may call SendTaskSuccess can answer. The token is in that object and in the history of
the run, and never in a message, a log or a `repr`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from refit.aws import caller, execution_history, executions
from refit.aws.deployed import DeployedPipeline
from refit.aws.executions import AWAIT_APPROVAL, RUNNING, ExecutionSummary
from refit.aws.session import calling
from refit.domain.run_document import Approval
from refit.domain.run_request import instant
from refit.errors import AwsError, NotFound, RefitError
from refit.project import PipelineRef

RUNS = 10
"""How many running executions to check for a pending approval; only one of them works on the pipeline."""
CONTINUES_WITHIN_SECONDS = 30.0
"""How long the run may take to continue after the answer."""


@dataclass(frozen=True)
class ApprovalRequest:
    """The request of `run` to deploy `model`, valid until `expires_at` (ISO 8601)."""

    run: str
    model: str
    asked_at: str
    expires_at: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class ApprovalResult:
    """An answer to an approval request, and the state of the run right after it."""

    pipeline: str
    run: str
    model: str
    approved: bool
    by: str
    reason: str
    state: str

    def document(self) -> dict[str, Any]:
        """The answer as JSON values."""
        return asdict(self)


def answer(
    ref: PipelineRef, run: str | None, *, approved: bool, reason: str = "", poll_seconds: float = 0.5
) -> ApprovalResult:
    """Approves or rejects the model of `run` (a name or an ARN); None is the only run that waits for approval.

    Raises NotFound if there is no such run, RefitError if it does not wait, has stopped waiting, or continued with
    someone else's answer, and AwsError.
    """
    deployed = DeployedPipeline.of(ref)
    arn = deployed.find_run(run) if run else _only_waiting(deployed)
    request = _pending_request(deployed, arn)
    by = caller.identity(ref.project, deployed.aws)
    try:
        send_answer(deployed, request, Approval(approved=approved, by=by, at=instant(datetime.now(UTC)), reason=reason))
    except NotFound:
        raise _too_late(deployed, arn, request) from None
    state, document = _after_answer(deployed, arn, poll_seconds)
    recorded = document.get("approval")
    if isinstance(recorded, Mapping) and (recorded.get("approved"), recorded.get("by")) != (approved, by):
        message = f"{request.run} {_describe(recorded)}: another answer came first"
        raise RefitError(message, _history_hint(deployed, request.run))
    return ApprovalResult(ref.key, request.run, request.model, approved, by, reason, state)


def waiting(deployed: DeployedPipeline) -> list[ExecutionSummary]:
    """The runs that wait for approval now. Raises AwsError."""
    running = executions.listed(deployed.aws, deployed.stack.state_machine_arn, RUNS, running=True)
    return [one for one in running if is_waiting(deployed, one.arn)]


def is_waiting(deployed: DeployedPipeline, arn: str) -> bool:
    """Whether the run has entered AwaitApproval and not left it. Raises NotFound, AwsError."""
    step = execution_history.latest(deployed.aws, arn)
    return step is not None and step.state == AWAIT_APPROVAL and not step.left


def request_of(deployed: DeployedPipeline, run: str) -> ApprovalRequest | None:
    """The approval request of a run; None if it has not written one.

    Raises RefitError if the object is not an approval request of that run, and AwsError.
    """
    bucket, key = deployed.stack.bucket, f"{deployed.runs_prefix}{run}/approval.json"
    try:
        with calling(f"read s3://{bucket}/{key}"):
            content = deployed.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except NotFound:
        return None
    try:
        document = json.loads(content)
        identity = document["pipeline"], document["run"]
        texts = [document[name] for name in ("run", "model", "asked_at", "expires_at", "token")]
    except (ValueError, TypeError, KeyError):
        identity, texts = ("", ""), []
    if identity != (deployed.pipeline.pipeline, run) or not all(isinstance(text, str) and text for text in texts):
        message = f"s3://{bucket}/{key} is not an approval request of {run}"
        raise RefitError(message, "stop the run and start a new one")
    return ApprovalRequest(*texts)


def send_answer(deployed: DeployedPipeline, request: ApprovalRequest, approval: Approval) -> None:
    """Sends the answer to the run. Raises NotFound if the run no longer waits, AwsError otherwise."""
    try:
        with calling(f"answer {request.run}"):
            deployed.aws.stepfunctions.send_task_success(taskToken=request.token, output=json.dumps(approval))
    except AwsError as error:
        # AWS and boto3 quote arguments that they reject, so the message may contain the token.
        raise type(error)(str(error).replace(request.token, "…"), error.hint) from None


def _only_waiting(deployed: DeployedPipeline) -> str:
    """The ARN of the only run that waits. Raises RefitError if none or several do."""
    runs = waiting(deployed)
    key = deployed.ref.key
    if not runs:
        raise RefitError(f"no run of {key} waits for approval", f"show the runs: refit history {key}")
    if len(runs) > 1:
        names = ", ".join(run.name for run in runs)
        raise RefitError(f"{len(runs)} runs of {key} wait for approval", f"name one: {names}")
    return runs[0].arn


def _pending_request(deployed: DeployedPipeline, arn: str) -> ApprovalRequest:
    """The request of a run that waits. Raises NotFound if there is no such run, RefitError if it does not wait."""
    name = arn.rpartition(":")[2]
    try:
        still_waiting = is_waiting(deployed, arn)
    except NotFound:
        message = f"{deployed.ref.key}: no run {name} found (AWS keeps runs for 90 days)"
        raise NotFound(message, deployed.newest_runs()) from None
    request = request_of(deployed, name)
    state = executions.state(deployed.aws, arn)
    if still_waiting and state.status == RUNNING:
        if request:
            return request
        raise RefitError(f"{name} has only just reached {AWAIT_APPROVAL}", "try again in a few seconds")
    if request:
        raise _too_late(deployed, arn, request)
    message = f"{name} does not wait for approval: the run is now in state {state.outcome}"
    raise RefitError(message, _history_hint(deployed, name))


def _too_late(deployed: DeployedPipeline, arn: str, request: ApprovalRequest) -> RefitError:
    """Why a request can no longer be answered."""
    state = executions.state(deployed.aws, arn)
    recorded = state.document.get("approval")
    if isinstance(recorded, Mapping) and recorded.get("by"):
        why = f"{request.run} {_describe(recorded)}; the run is now in state {state.outcome}"
    elif isinstance(recorded, Mapping):
        why = f"{request.run} was not answered before {request.expires_at}, which counts as a rejection"
    else:
        why = f"{request.run} no longer waits for approval: the run is now in state {state.outcome}"
    return RefitError(why, _history_hint(deployed, request.run))


def _describe(recorded: Mapping[str, Any]) -> str:
    verdict = "approved" if recorded.get("approved") else "rejected"
    return f"was {verdict} by {recorded.get('by')} at {recorded.get('at')}"


def _history_hint(deployed: DeployedPipeline, run: str) -> str:
    return f"show the run: refit history {deployed.ref.key} {run}"


def _after_answer(deployed: DeployedPipeline, arn: str, poll_seconds: float) -> tuple[str, Mapping[str, Any]]:
    """The state of the run once it has continued, and its run document.

    Raises AwsError if it still waits after CONTINUES_WITHIN_SECONDS: whether it received the answer is unknown then.
    """
    deadline = time.monotonic() + CONTINUES_WITHIN_SECONDS
    while True:
        step, state = execution_history.latest(deployed.aws, arn), executions.state(deployed.aws, arn)
        if state.status != RUNNING:
            return state.outcome, state.document
        if step and step.state != AWAIT_APPROVAL:
            return step.state, state.document
        if time.monotonic() > deadline:
            name = arn.rpartition(":")[2]
            message = f"{name} was answered and still waits after {CONTINUES_WITHIN_SECONDS:.0f} s"
            raise AwsError(message, _history_hint(deployed, name))
        time.sleep(poll_seconds)

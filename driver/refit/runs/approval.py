"""Approves or rejects the model of a run that waits for approval (`refit approve`, `refit reject`).

The run's question is an object in the bucket; the answer is a call with the token in it. The token is the right to
answer. It is in no message, no log and no `repr`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from refit.aws import caller, executions
from refit.aws.deployed import DeployedPipeline
from refit.aws.executions import RUNNING, ExecutionSummary
from refit.aws.session import calling
from refit.domain.run_document import Approval
from refit.domain.run_request import instant
from refit.errors import AwsError, NotFound, RefitError
from refit.project import PipelineRef

STATE = "AwaitApproval"
RUNS = 10
"""Of how many runs that go on it is asked whether they wait; one at a time works on a pipeline."""


@dataclass(frozen=True)
class Question:
    """Whether `model` may be deployed: asked by `run`, until `expires_at` (ISO 8601)."""

    run: str
    model: str
    asked_at: str
    expires_at: str
    token: str = field(repr=False)


def waiting(applied: DeployedPipeline) -> list[ExecutionSummary]:
    """The runs that wait for an answer now. Raises AwsError."""
    running = executions.listed(applied.aws, applied.stack.state_machine_arn, RUNS, running=True)
    return [one for one in running if waits(applied, one.arn)]


def waits(applied: DeployedPipeline, arn: str) -> bool:
    """Whether the last thing that the run did was to begin to wait. Raises NotFound, AwsError."""
    step = executions.latest(applied.aws, arn)
    return step is not None and step.state == STATE and not step.left


def question(applied: DeployedPipeline, run: str) -> Question | None:
    """What the run asks; None while it has not asked. Raises RefitError for what is no question of it, AwsError."""
    bucket, key = applied.stack.bucket, f"{applied.runs_prefix}{run}/approval.json"
    try:
        with calling(f"read s3://{bucket}/{key}"):
            content = applied.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except NotFound:
        return None
    try:
        asked = json.loads(content)
        whose = asked["pipeline"], asked["run"]
        texts = [asked[name] for name in ("run", "model", "asked_at", "expires_at", "token")]
    except (ValueError, TypeError, KeyError):
        whose, texts = ("", ""), []
    if whose != (applied.pipeline.pipeline, run) or not all(isinstance(text, str) and text for text in texts):
        raise RefitError(f"s3://{bucket}/{key} is no question of {run}", "stop the run and start a new one")
    return Question(*texts)


def send_answer(applied: DeployedPipeline, asked: Question, said: Approval) -> None:
    """Tells the run. Raises NotFound when it waits no more, AwsError otherwise."""
    try:
        with calling(f"answer {asked.run}"):
            applied.aws.stepfunctions.send_task_success(taskToken=asked.token, output=json.dumps(said))
    except AwsError as error:
        # What AWS and boto3 say of an argument that they refuse may hold it.
        raise type(error)(str(error).replace(asked.token, "…"), error.hint) from None


TAKEN_SECONDS = 30.0
"""How long the run may take to go on after the answer."""


@dataclass(frozen=True)
class Answered:
    """What was said to which run about which model, and the state that the run was in right after it."""

    pipeline: str
    run: str
    model: str
    approved: bool
    by: str
    reason: str
    state: str

    def document(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def answer(
    ref: PipelineRef, run: str | None, *, approved: bool, reason: str = "", poll_seconds: float = 0.5
) -> Answered:
    """Approves or rejects the model of `run`, by name or ARN; of the one run that waits when it is None.

    Raises NotFound for a run that there is not, RefitError for one that does not wait (any more) or went on with
    another's answer, AwsError.
    """
    applied = DeployedPipeline.of(ref)
    arn = applied.run_arn(run) if run else _only(applied)
    asked = _asked(applied, arn)
    by = caller.identity(ref.project, applied.aws)
    said = Approval(approved=approved, by=by, at=instant(datetime.now(UTC)), reason=reason)
    try:
        send_answer(applied, asked, said)
    except NotFound:
        raise _late(applied, arn, asked) from None
    state, document = _after(applied, arn, poll_seconds)
    taken = document.get("approval")
    if isinstance(taken, Mapping) and (taken.get("approved"), taken.get("by")) != (approved, by):
        raise RefitError(f"{asked.run} {_told(taken)}: another answer came first", _look(applied, asked.run))
    return Answered(ref.key, asked.run, asked.model, approved, by, reason, state)


def _only(applied: DeployedPipeline) -> str:
    """The ARN of the one run that waits. Raises RefitError when none or several do."""
    runs = waiting(applied)
    if len(runs) == 1:
        return runs[0].arn
    key = applied.ref.key
    if not runs:
        raise RefitError(f"no run of {key} waits for approval", f"look at the runs: refit history {key}")
    raise RefitError(f"{len(runs)} runs of {key} wait for approval", f"name one: {_names(runs)}")


def _names(runs: list[executions.ExecutionSummary]) -> str:
    return ", ".join(one.name for one in runs)


def _asked(applied: DeployedPipeline, arn: str) -> Question:
    """What the run asks. Raises NotFound when there is no such run, RefitError when it does not wait."""
    name = arn.rpartition(":")[2]
    try:
        is_waiting = waits(applied, arn)
    except NotFound:
        raise NotFound(f"{applied.ref.key} has no run {name}", applied.newest_runs()) from None
    asked = question(applied, name)
    ended = executions.state(applied.aws, arn)
    if is_waiting and ended.status == RUNNING:
        if asked:
            return asked
        raise RefitError(f"{name} has only just come to {STATE}", "try again in a few seconds")
    if asked:
        raise _late(applied, arn, asked)
    raise RefitError(f"{name} does not wait for approval: it is {ended.outcome}", _look(applied, name))


def _late(applied: DeployedPipeline, arn: str, asked: Question) -> RefitError:
    """Why a run that has asked cannot be answered any more."""
    ending = executions.state(applied.aws, arn)
    taken = ending.document.get("approval")
    if isinstance(taken, Mapping) and taken.get("by"):
        why = f"{asked.run} {_told(taken)}, and is {ending.outcome}"
    elif isinstance(taken, Mapping):
        why = f"{asked.run} was not answered until {asked.expires_at}, which counts as a rejection"
    else:
        why = f"{asked.run} does not wait for approval any more: it is {ending.outcome}"
    return RefitError(why, _look(applied, asked.run))


def _told(taken: Mapping[str, Any]) -> str:
    verdict = "approved" if taken.get("approved") else "rejected"
    return f"was {verdict} by {taken.get('by')} at {taken.get('at')}"


def _look(applied: DeployedPipeline, run: str) -> str:
    return f"look at it: refit history {applied.ref.key} {run}"


def _after(applied: DeployedPipeline, arn: str, poll_seconds: float) -> tuple[str, Mapping[str, Any]]:
    """The state in which the run is once it has gone on, and the run document there.

    Raises AwsError when it still waits after TAKEN_SECONDS: then nobody knows whether it has heard.
    """
    until = time.monotonic() + TAKEN_SECONDS
    while True:
        step, ending = executions.latest(applied.aws, arn), executions.state(applied.aws, arn)
        if ending.status != RUNNING:
            return ending.outcome, ending.document
        if step and step.state != STATE:
            return step.state, ending.document
        if time.monotonic() > until:
            name = arn.rpartition(":")[2]
            raise AwsError(f"{name} was answered and still waits after {TAKEN_SECONDS:.0f} s", _look(applied, name))
        time.sleep(poll_seconds)

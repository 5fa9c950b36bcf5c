"""`refit approve|reject PIPELINE [RUN]`: a person's answer to a run that asks whether it may deploy."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from refit.aws import executions
from refit.aws.caller import asker
from refit.aws.deployed import DeployedPipeline
from refit.aws.executions import RUNNING
from refit.domain.run_document import Approval
from refit.errors import AwsError, NotFound, RefitError
from refit.project import PipelineRef
from refit.runs import approval
from refit.runs.approval import STATE, Question
from refit.runs.event import instant

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
    by = asker(ref.project, applied.aws)
    said = Approval(approved=approved, by=by, at=instant(datetime.now(UTC)), reason=reason)
    try:
        approval.answer(applied, asked, said)
    except NotFound:
        raise _late(applied, arn, asked) from None
    state, document = _after(applied, arn, poll_seconds)
    taken = document.get("approval")
    if isinstance(taken, Mapping) and (taken.get("approved"), taken.get("by")) != (approved, by):
        raise RefitError(f"{asked.run} {_told(taken)}: another answer came first", _look(applied, asked.run))
    return Answered(ref.key, asked.run, asked.model, approved, by, reason, state)


def _only(applied: DeployedPipeline) -> str:
    """The ARN of the one run that waits. Raises RefitError when none or several do."""
    waiting = approval.waiting(applied)
    if len(waiting) == 1:
        return waiting[0].arn
    key = applied.ref.key
    if not waiting:
        raise RefitError(f"no run of {key} waits for approval", f"look at the runs: refit history {key}")
    raise RefitError(f"{len(waiting)} runs of {key} wait for approval", f"name one: {_names(waiting)}")


def _names(runs: list[executions.ExecutionSummary]) -> str:
    return ", ".join(one.name for one in runs)


def _asked(applied: DeployedPipeline, arn: str) -> Question:
    """What the run asks. Raises NotFound when there is no such run, RefitError when it does not wait."""
    name = arn.rpartition(":")[2]
    try:
        waits = approval.waits(applied, arn)
    except NotFound:
        raise NotFound(f"{applied.ref.key} has no run {name}", applied.newest_runs()) from None
    asked = approval.question(applied, name)
    ended = executions.ending(applied.aws, arn)
    if waits and ended.status == RUNNING:
        if asked:
            return asked
        raise RefitError(f"{name} has only just come to {STATE}", "try again in a few seconds")
    if asked:
        raise _late(applied, arn, asked)
    raise RefitError(f"{name} does not wait for approval: it is {ended.outcome}", _look(applied, name))


def _late(applied: DeployedPipeline, arn: str, asked: Question) -> RefitError:
    """Why a run that has asked cannot be answered any more."""
    ending = executions.ending(applied.aws, arn)
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
        step, ending = executions.latest(applied.aws, arn), executions.ending(applied.aws, arn)
        if ending.status != RUNNING:
            return ending.outcome, ending.document
        if step and step.state != STATE:
            return step.state, ending.document
        if time.monotonic() > until:
            name = arn.rpartition(":")[2]
            raise AwsError(f"{name} was answered and still waits after {TAKEN_SECONDS:.0f} s", _look(applied, name))
        time.sleep(poll_seconds)

"""Reads the log of a run (`refit logs`): the steps of the state machine, the lines of the Lambdas and the training job.

Each source is read for this run alone, and for the time of the run alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from refit.aws import executions, log_events
from refit.aws.deployed import DeployedPipeline
from refit.aws.executions import ExecutionState, Step
from refit.aws.session import Aws
from refit.domain import handlers
from refit.errors import NotFound
from refit.project import PipelineRef
from refit.runs.progress import POLL, WAITING, note

TRAINING_JOBS = "/aws/sagemaker/TrainingJobs"
"""SageMaker's own log group: https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html"""
STRAGGLERS = timedelta(minutes=5)
"""How long after a run's end lines of it are still looked for: clocks differ, and a job's last lines come late."""

STATES, TRAINING = "states", "training"


@dataclass(frozen=True)
class Line:
    """One line: when (UTC), who said it (`states`, a Lambda's key, `training`), and what.

    `fields` are the members of a line that is a JSON object.
    """

    at: datetime
    source: str
    message: str
    fields: Mapping[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        """For machines; a JSON line's members stand in place of its text."""
        said = {"fields": dict(self.fields)} if self.fields is not None else {"message": self.message}
        return {"time": self.at.isoformat(timespec="milliseconds"), "source": self.source, **said}


@dataclass(frozen=True)
class RunLog:
    """The lines of one run in the order of time. `cut` names the sources that had more than was asked for."""

    run: str
    outcome: str
    lines: tuple[Line, ...]
    cut: tuple[str, ...] = ()


def read(aws: Aws, state_machine: str, ending: ExecutionState, limit: int) -> RunLog:
    """The log of the run that `ending` tells of, at most `limit` lines of each source, the oldest. Raises AwsError."""
    until = ending.started_at + timedelta(seconds=ending.seconds) + STRAGGLERS
    sources: dict[str, list[Line]] = {STATES: list(told(executions.steps(aws, ending.arn)))}
    for handler in handlers.OF_STATES:
        group = f"/aws/lambda/{state_machine}-{handler.replace('_', '-')}"
        said = log_events.events(aws, group, ending.started_at, until, phrase=ending.name, limit=limit + 1)
        sources[handler] = [line for line in _lines(said, handler) if _is_of(line, ending.name)]
    if job := (ending.document.get("training") or {}).get("job"):
        said = log_events.events(aws, TRAINING_JOBS, ending.started_at, until, stream_prefix=f"{job}/", limit=limit + 1)
        sources[TRAINING] = list(_lines(said, TRAINING))
    kept = [line for lines in sources.values() for line in lines[:limit]]
    cut = tuple(source for source, lines in sources.items() if len(lines) > limit)
    return RunLog(ending.name, ending.outcome, tuple(sorted(kept, key=lambda line: line.at)), cut)


def told(steps: Iterable[Step]) -> Iterator[Line]:
    """A line for each state that the run has left, and for the one that it is in; of the polls those with news."""
    last_news, inside = "", None
    for step in steps:
        inside = None if step.left else step
        news = note(step) or ""
        repeated = step.state in POLL | WAITING and news in ("", last_news)
        if repeated or not (step.left or news):
            continue
        last_news, inside = news or last_news, None
        yield Line(step.at, STATES, f"{step.state}  {news}".rstrip())
    if inside is not None:
        yield Line(inside.at, STATES, inside.state)


def _lines(events: Iterable[log_events.Event], source: str) -> Iterator[Line]:
    for event in events:
        text = event.message.rstrip("\n")
        yield Line(event.at, source, text, _fields(text))


def _fields(text: str) -> Mapping[str, Any] | None:
    try:
        document = json.loads(text) if text.startswith("{") else None
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _is_of(line: Line, run: str) -> bool:
    """Whether a Lambda's line is of this run, and not of one whose name only holds its name."""
    if line.fields is not None:
        return line.fields.get("run") == run
    return re.search(rf"(?<![\w-]){re.escape(run)}(?![\w-])", line.message) is not None


LIMIT = 5_000
"""Lines of each source: more is read in the console."""
SUGGESTED = 5


def logs(ref: PipelineRef, run: str | None = None, limit: int = LIMIT) -> RunLog:
    """The log of the run of that name (or ARN), of the newest by default, in the order of time.

    Of each source the oldest `limit` lines are read. Raises NotFound when the pipeline is not applied, has had no run
    yet, or none of that name; InvalidPipeline, CloudError and AwsError otherwise.
    """
    applied = DeployedPipeline.of(ref)
    ending = _ending(applied, run)
    return read(applied.aws, applied.pipeline.state_machine_name, ending, limit)


def _ending(applied: DeployedPipeline, run: str | None) -> executions.ExecutionState:
    key, aws = applied.ref.key, applied.aws
    recent = executions.recent(aws, applied.stack.state_machine_arn, SUGGESTED)
    if not recent:
        raise NotFound(f"{key} has had no run yet", "its schedule starts one; so does refit trigger")
    if run is None:
        return executions.state(aws, recent[0])
    arn = applied.run_arn(run)
    try:
        return executions.state(aws, arn)
    except NotFound:
        newest = ", ".join(found.rpartition(":")[2] for found in recent)
        message = f"{key} has no run {arn.rpartition(':')[2]}; AWS forgets runs after 90 days"
        raise NotFound(message, f"the newest: {newest}") from None

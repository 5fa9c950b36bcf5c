"""Reads the log of a run (`refit logs`): the steps of the state machine, the lines of the Lambdas and the training job.

Of each source only the lines of this run are read.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from refit.aws import execution_history, executions, log_events
from refit.aws.deployed import DeployedPipeline
from refit.aws.execution_history import Step
from refit.aws.executions import ExecutionState
from refit.domain import handlers
from refit.errors import NotFound
from refit.project import PipelineRef
from refit.runs.progress import POLL, WAITING, describe

TRAINING_JOBS = "/aws/sagemaker/TrainingJobs"
"""SageMaker's own log group: https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html"""
STRAGGLERS = timedelta(minutes=5)
"""How long after the end of a run to look for its lines: clocks differ, and the last lines of a job arrive late."""

LIMIT = 5_000
"""Lines of each source; the console has more."""
SUGGESTED = 5
"""How many runs a message suggests."""

STATES, TRAINING = "states", "training"


@dataclass(frozen=True)
class Line:
    """One line: its time (UTC), its source (`states`, the key of a Lambda, or `training`) and its text.

    `fields` has the members of a line that is a JSON object.
    """

    at: datetime
    source: str
    message: str
    fields: Mapping[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        """The line as JSON values; the members of a JSON line replace its text."""
        content = {"fields": dict(self.fields)} if self.fields is not None else {"message": self.message}
        return {"time": self.at.isoformat(timespec="milliseconds"), "source": self.source, **content}


@dataclass(frozen=True)
class RunLog:
    """The lines of one run in chronological order. `cut` has the sources with more lines than the limit."""

    run: str
    outcome: str
    lines: tuple[Line, ...]
    cut: tuple[str, ...] = ()


def logs(ref: PipelineRef, run: str | None = None, limit: int = LIMIT) -> RunLog:
    """The log of `run` (a name or an ARN; None is the newest run): the oldest `limit` lines of each source, by time.

    Raises NotFound if the pipeline is not applied, has had no run yet, or has no such run; InvalidPipeline, CloudError
    and AwsError otherwise.
    """
    deployed = DeployedPipeline.of(ref)
    return _read(deployed, _state(deployed, run), limit)


def followed(
    ref: PipelineRef, run: str | None = None, limit: int = LIMIT, pause_seconds: float = 2.0
) -> Iterator[RunLog]:
    """The log of a run as it grows: first all lines, then those that are new, until the run has ended.

    Lines that AWS delivers late come later than newer ones. Raises the errors of `logs`.
    """
    deployed = DeployedPipeline.of(ref)
    arn = _state(deployed, run).arn
    said: Counter[tuple[datetime, str, str]] = Counter()
    while True:
        state = executions.state(deployed.aws, arn)
        log = _read(deployed, state, limit)
        lines = Counter((line.at, line.source, line.message) for line in log.lines)
        new = lines - said
        yield replace(log, lines=tuple(line for line in log.lines if _take(new, line)))
        said |= lines
        if state.status != executions.RUNNING:
            return
        time.sleep(pause_seconds)


def _take(new: Counter[tuple[datetime, str, str]], line: Line) -> bool:
    """Whether `line` is one of the new ones; takes it out of them."""
    key = (line.at, line.source, line.message)
    new[key] -= 1
    return new[key] >= 0


def _state(deployed: DeployedPipeline, run: str | None) -> ExecutionState:
    key, aws = deployed.ref.key, deployed.aws
    recent = executions.recent(aws, deployed.stack.state_machine_arn, SUGGESTED)
    if not recent:
        raise NotFound(f"{key} has had no run yet", "its schedule starts one, and so does refit trigger")
    if run is None:
        return executions.state(aws, recent[0])
    arn = deployed.find_run(run)
    try:
        return executions.state(aws, arn)
    except NotFound:
        newest = ", ".join(one.rpartition(":")[2] for one in recent)
        message = f"{key}: no run {arn.rpartition(':')[2]} found (AWS keeps runs for 90 days)"
        raise NotFound(message, f"the newest runs: {newest}") from None


def _read(deployed: DeployedPipeline, run: ExecutionState, limit: int) -> RunLog:
    aws, state_machine, key = deployed.aws, deployed.pipeline.state_machine_name, deployed.ref.key
    until = run.started_at + timedelta(seconds=run.seconds) + STRAGGLERS
    sources: dict[str, list[Line]] = {STATES: list(of_steps(execution_history.steps(aws, run.arn), key))}
    for handler in handlers.HANDLERS:
        group = f"/aws/lambda/{state_machine}-{handler.replace('_', '-')}"
        events = log_events.events(aws, group, run.started_at, until, phrase=run.name, limit=limit + 1)
        sources[handler] = [line for line in _lines(events, handler) if _is_of(line, run.name)]
    if job := (run.document.get("training") or {}).get("job"):
        events = log_events.events(aws, TRAINING_JOBS, run.started_at, until, stream_prefix=f"{job}/", limit=limit + 1)
        sources[TRAINING] = list(_lines(events, TRAINING))
    kept = [line for lines in sources.values() for line in lines[:limit]]
    cut = tuple(source for source, lines in sources.items() if len(lines) > limit)
    return RunLog(run.name, run.outcome, tuple(sorted(kept, key=lambda line: line.at)), cut)


def of_steps(steps: Iterable[Step], pipeline: str) -> Iterator[Line]:
    """A line for each state that the run has left or is in; for a poll only if its text changes."""
    last_text, current = "", None
    for step in steps:
        current = None if step.left else step
        text = describe(step, pipeline) or ""
        repeated = step.state in POLL | WAITING and text in ("", last_text)
        if repeated or not (step.left or text):
            continue
        last_text, current = text or last_text, None
        yield Line(step.at, STATES, f"{step.state}  {text}".rstrip())
    if current is not None:
        yield Line(current.at, STATES, current.state)


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
    """Whether a line of a Lambda belongs to this run, and not to a run whose name only contains its name."""
    if line.fields is not None:
        return line.fields.get("run") == run
    return re.search(rf"(?<![\w-]){re.escape(run)}(?![\w-])", line.message) is not None

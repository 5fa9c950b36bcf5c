"""What a run said, from its three sources: the state machine's steps, the Lambdas' lines, the training job's log.

Each source is asked for this run alone, and for the time of the run alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from refit.artifacts.definition_checks import PLACEHOLDERS
from refit.aws import executions, log_events
from refit.aws.executions import ExecutionState, Step
from refit.aws.session import Aws
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
    for handler in _handlers():
        group = f"/aws/lambda/{state_machine}-{handler.replace('_', '-')}"
        said = log_events.events(aws, group, ending.started_at, until, phrase=ending.name, limit=limit + 1)
        sources[handler] = [line for line in _lines(said, handler) if _is_of(line, ending.name)]
    if job := (ending.document.get("training") or {}).get("job"):
        said = log_events.events(aws, TRAINING_JOBS, ending.started_at, until, stream_prefix=f"{job}/", limit=limit + 1)
        sources[TRAINING] = list(_lines(said, TRAINING))
    kept = [line for lines in sources.values() for line in lines[:limit]]
    cut = tuple(source for source, lines in sources.items() if len(lines) > limit)
    return RunLog(ending.name, ending.outcome, tuple(sorted(kept, key=lambda line: line.at)), cut)


def _handlers() -> list[str]:
    """The Lambdas' keys, in the order of the alphabet: each has a placeholder for its ARN."""
    return sorted(name.removesuffix("_arn") for name in PLACEHOLDERS - {"sagemaker_role_arn"} if name.endswith("_arn"))


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

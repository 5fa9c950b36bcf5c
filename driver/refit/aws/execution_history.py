"""Reads the steps of a run from its history, and how it ended from DescribeExecution for those who may not read it.

The history has the arguments of every task. One of them is the task token of an approval, so the roles of GitHub
Actions may not read it (terraform/bootstrap/reading.tf).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from refit.aws.session import Aws, calling
from refit.domain.outcomes import DATA_REJECTED, DEPLOYMENT_FAILED, JOB_FAILED, MODEL_REJECTED, UNEXPECTED_STATE
from refit.errors import AccessDenied

NAMED_AFTER_ERROR = frozenset({DATA_REJECTED, JOB_FAILED, MODEL_REJECTED, DEPLOYMENT_FAILED, UNEXPECTED_STATE})
"""The Fail states whose error is their name (asl/states/outcomes.json.j2)."""
HISTORY_HINT = "allow states:GetExecutionHistory, which the GitHub roles are denied: it shows task tokens of approvals"


@dataclass(frozen=True)
class Step:
    """A state that a run entered (`left` is False) or left; `document` is the run document at that time."""

    state: str
    left: bool
    at: datetime
    document: Mapping[str, Any]


def steps(aws: Aws, arn: str) -> list[Step]:
    """The states that the run has entered or left so far, oldest first. Raises NotFound, AwsError."""
    return [step for event in events_after(aws, arn, 0) if (step := step_of(event))]


def latest(aws: Aws, arn: str) -> Step | None:
    """The run's last step: a state that it entered or left. Raises NotFound, AwsError."""
    return next(newest_steps(aws, arn), None)


def last_step(described: Mapping[str, Any]) -> Step | None:
    """The end state of a run, without its history; None if DescribeExecution does not tell it.

    The run document at the end is the output of a run that succeeded. One that failed has no output.
    """
    document = _document(described.get("output"))
    name = (document.get("end") or {}).get("state") or described.get("error")
    if name and (document or name in NAMED_AFTER_ERROR):
        return Step(name, True, described["stopDate"], document)
    return None


def events_after(aws: Aws, arn: str, seen: int) -> list[Any]:
    """The history after event `seen`, oldest first. Read backwards, so that a poll reads only the new events."""
    fresh = list(itertools.takewhile(lambda event: event["id"] > seen, _newest_events(aws, arn, 100)))
    return fresh[::-1]


def _newest_events(aws: Aws, arn: str, page_size: int) -> Iterator[Any]:
    """The history, newest event first; a page is read when it is needed."""
    token: Any = {}
    while True:
        try:
            with calling("read the run's history"):
                page = aws.stepfunctions.get_execution_history(
                    executionArn=arn, reverseOrder=True, maxResults=page_size, **token
                )
        except AccessDenied as error:
            raise AccessDenied(str(error), HISTORY_HINT) from error
        yield from page["events"]
        if not page.get("nextToken"):
            return
        token = {"nextToken": page["nextToken"]}


def step_of(event: Mapping[str, Any]) -> Step | None:
    """The step of an event of the history; None if it is not about entering or leaving a state."""
    if entered := event.get("stateEnteredEventDetails"):
        return Step(entered["name"], False, event["timestamp"], _document(entered.get("input")))
    if exited := event.get("stateExitedEventDetails"):
        return Step(exited["name"], True, event["timestamp"], _document(exited.get("output")))
    return None


def newest_steps(aws: Aws, arn: str) -> Iterator[Step]:
    """The steps of the run, newest first. Each retry of a task adds three events to the history, and no step."""
    return (step for event in _newest_events(aws, arn, 20) if (step := step_of(event)))


def _document(text: str | None) -> Mapping[str, Any]:
    document = json.loads(text) if text else {}
    return document if isinstance(document, dict) else {}

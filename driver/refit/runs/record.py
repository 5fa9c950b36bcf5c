"""Parses the record of a run: plain values from the run document that WriteRecord wrote. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from refit.aws.approval_wait import ApprovalWait
from refit.aws.executions import ExecutionState
from refit.costs.job_cost import JobCost
from refit.domain.outcomes import DEPLOYED, ROLLBACK, UNREADABLE
from refit.domain.window import parse_instant

Section = Mapping[str, Any]


@dataclass(frozen=True)
class Record:
    """One run. A value that is not in the record is None, a section an empty mapping.

    `ended` is the name of its last state, or Running, TimedOut, Aborted or Unreadable; `outcome` is that of CheckData.
    Sizes are in bytes, durations in seconds, dates YYYY-MM-DD. `metrics` and `billable_seconds` are those of the
    training job, `cost` is its cost in US dollars. `days`, `quality`, `evaluation`, `approval`, `deployment` and
    `cleanup` are sections of the run document (driver/refit/domain/run_document.py); `waits` is set while the run waits
    for approval.
    """

    run: str
    arn: str
    ended: str
    reason: str
    started_at: datetime
    seconds: float | None = None
    outcome: str | None = None
    commit: str | None = None
    window: Section = field(default_factory=dict)
    days: Section = field(default_factory=dict)
    objects: int | None = None
    bytes: int | None = None
    newest: str | None = None
    watermark: str | None = None
    training_job: str | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    billable_seconds: int | None = None
    cost: float | None = None
    quality: Section = field(default_factory=dict)
    evaluation: Section = field(default_factory=dict)
    approval: Section = field(default_factory=dict)
    model: str | None = None
    deployment: Section = field(default_factory=dict)
    cleanup: Section = field(default_factory=dict)
    refit_version: str | None = None
    waits: ApprovalWait | None = None

    @property
    def deployed(self) -> bool:
        return self.ended == DEPLOYED and self.model is not None

    @property
    def rolled_back(self) -> bool:
        """Whether the run restored an earlier model."""
        return self.outcome == ROLLBACK

    def document(self) -> dict[str, Any]:
        """The record as JSON values, with the start time in ISO 8601."""
        return {**asdict(self), "started_at": self.started_at.isoformat()}


def from_file(content: bytes, run: str, arn: str, written_at: datetime, job_cost: JobCost) -> Record:
    """Parses a record.json. A file that is not a record ends in Unreadable, with the error as its reason."""
    try:
        document = json.loads(content)
        end = document["end"]
        started = parse_instant(end["started_at"])
        seconds = (parse_instant(end["at"]) - started).total_seconds()
        return _record(document, job_cost, run, arn, str(end["state"]), str(end["reason"]), started, seconds)
    except json.JSONDecodeError as error:
        wrong = f"record.json is not JSON: {error}"
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        wrong = f"record.json is not the record of a run: {type(error).__name__}: {error}"
    return Record(run, arn, UNREADABLE, wrong, written_at)


def from_execution(state: ExecutionState, job_cost: JobCost, waits: ApprovalWait | None = None) -> Record:
    """Builds the record of a run from its execution, for a run that has written no record."""
    known = state.name, state.arn, state.outcome, state.reason, state.started_at, round(state.seconds, 3)
    try:
        return replace(_record(state.document, job_cost, *known), waits=waits)
    except (ValueError, TypeError, KeyError, AttributeError):
        # The document may be the input of the run, which can be any JSON until CheckData has checked it.
        return Record(*known, waits=waits)


def _record(
    document: Section,
    job_cost: JobCost,
    run: str,
    arn: str,
    ended: str,
    reason: str,
    started_at: datetime,
    seconds: float,
) -> Record:
    status = _section(document, "status")
    deployment = _section(document, "deployment")
    parameters = _section(document, "parameters")
    billable = status.get("billable_seconds")
    return Record(
        run=run,
        arn=arn,
        ended=ended,
        reason=reason,
        started_at=started_at,
        seconds=seconds,
        outcome=document.get("outcome"),
        commit=document.get("commit"),
        window=_section(document, "window"),
        days=_section(document, "days"),
        objects=document.get("objects"),
        bytes=document.get("bytes"),
        newest=document.get("newest"),
        watermark=parameters.get("watermark") or document.get("watermark"),
        training_job=_section(document, "training").get("job"),
        metrics={name: float(value) for name, value in _section(status, "metrics").items()},
        billable_seconds=billable,
        cost=job_cost.cost(billable),
        quality=_section(document, "quality"),
        evaluation=_section(document, "evaluation"),
        approval=_section(document, "approval"),
        model=deployment.get("model") or document.get("model"),
        deployment=deployment,
        cleanup=_section(document, "cleanup"),
        refit_version=document.get("refit_version"),
    )


def _section(document: Section, name: str) -> Section:
    """A section of the document, empty if it is missing. Raises TypeError if it is not an object."""
    section = document.get(name) or {}
    if not isinstance(section, Mapping):
        raise TypeError(f"{name} is not an object")
    return section

"""A run as its record tells of it: plain values, from the run document that the last states wrote down. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from refit.aws.executions import ExecutionState
from refit.costs.job_cost import JobCost
from refit.domain.outcomes import DEPLOYED, ROLLBACK, UNREADABLE
from refit.domain.window import parse_instant

Section = Mapping[str, Any]


@dataclass(frozen=True)
class Record:
    """One run. Every None, and every empty section, is what the record does not tell.

    `ended` is the name of its last state, or Running, TimedOut, Aborted, Unreadable; `outcome` is CheckData's. Sizes
    are bytes, lengths seconds, dates YYYY-MM-DD. `metrics` and `billable_seconds` are the training job's, `cost` is
    what that job cost in US dollars. `days`, `evaluation`, `approval`, `deployment` and `cleanup` are the run
    document's sections, as driver/refit/domain/run_document.py has them.
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
    evaluation: Section = field(default_factory=dict)
    approval: Section = field(default_factory=dict)
    model: str | None = None
    deployment: Section = field(default_factory=dict)
    cleanup: Section = field(default_factory=dict)

    @property
    def deployed(self) -> bool:
        return self.ended == DEPLOYED and self.model is not None

    @property
    def rolled_back(self) -> bool:
        """Whether the run put an earlier model back."""
        return self.outcome == ROLLBACK

    def document(self) -> dict[str, Any]:
        """For machines: the instant in ISO 8601."""
        return {**asdict(self), "started_at": self.started_at.isoformat()}


def from_file(content: bytes, run: str, arn: str, written_at: datetime, tariff: JobCost) -> Record:
    """The record in a record.json; one that is no such thing ended Unreadable, and its reason says what is wrong."""
    try:
        document = json.loads(content)
        end = document["end"]
        started = parse_instant(end["started_at"])
        seconds = (parse_instant(end["at"]) - started).total_seconds()
        return _record(document, tariff, run, arn, str(end["state"]), str(end["reason"]), started, seconds)
    except json.JSONDecodeError as error:
        wrong = f"record.json is no JSON: {error}"
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        wrong = f"record.json is not what a run writes: {type(error).__name__}: {error}"
    return Record(run, arn, UNREADABLE, wrong, written_at)


def from_execution(ending: ExecutionState, tariff: JobCost) -> Record:
    """The run as Step Functions tells of it: one that has written no record, or none yet."""
    told = ending.name, ending.arn, ending.outcome, ending.reason, ending.started_at, round(ending.seconds, 3)
    try:
        return _record(ending.document, tariff, *told)
    except (ValueError, TypeError, KeyError, AttributeError):
        # The input of a run may be any JSON, and until CheckData has read it, it is all there is.
        return Record(*told)


def _record(
    document: Section,
    tariff: JobCost,
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
        cost=tariff.cost(billable),
        evaluation=_section(document, "evaluation"),
        approval=_section(document, "approval"),
        model=deployment.get("model") or document.get("model"),
        deployment=deployment,
        cleanup=_section(document, "cleanup"),
    )


def _section(document: Section, name: str) -> Section:
    """A part of the document, empty when it is not there. Raises TypeError when it is something else."""
    section = document.get(name) or {}
    if not isinstance(section, Mapping):
        raise TypeError(f"{name} is no object")
    return section

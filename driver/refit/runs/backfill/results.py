"""What became of the windows of a backfill: plain values, for a table and for machines. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from refit.domain.outcomes import NO_NEW_DATA
from refit.errors import RunFailed
from refit.pipeline.model import Pipeline
from refit.runs import history
from refit.runs.backfill.windows import MODEL, Planned
from refit.runs.record import Record

GOOD_ENDS = MODEL | {NO_NEW_DATA}
MOST_METRICS = 3
"""Of a table; the document has them all."""


@dataclass(frozen=True)
class Result:
    """What became of a window. `record` is its run's, None when none was started for want of data."""

    planned: Planned
    how: str
    record: Record | None

    @property
    def state(self) -> str:
        return self.record.ended if self.record else NO_NEW_DATA

    @property
    def failed(self) -> bool:
        return self.state not in GOOD_ENDS

    @property
    def reason(self) -> str:
        window = self.planned.window
        return self.record.reason if self.record else f"{self.planned.days} of {len(window)} days have data"

    @property
    def days(self) -> int:
        """How many days with data the model has seen; without a model, how many there are."""
        seen = self.record.days if self.record else {}
        return sum(len(seen.get(use, ())) for use in ("train", "validation")) or self.planned.days

    def document(self) -> dict[str, Any]:
        """For machines."""
        run = self.record
        return {
            "window": self.planned.window.as_dates(),
            "days_with_data": self.days,
            "data_changed": self.planned.changed,
            "how": self.how,
            "run": run.run if run else None,
            "state": self.state,
            "failed": self.failed,
            "reason": self.reason,
            "metrics": run.metrics if run else {},
            "billable_seconds": run.billable_seconds if run else None,
            "cost": run.cost if run else None,
        }


@dataclass(frozen=True)
class BackfillResult:
    """What became of all windows, oldest first. `metrics` are the names of those to compare them by."""

    pipeline: str
    results: tuple[Result, ...]
    metrics: tuple[str, ...]

    @property
    def failures(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.failed)

    @property
    def error(self) -> RunFailed | None:
        """What the command ends with when a window has no model that should have one."""
        if not self.failures:
            return None
        message = f"{len(self.failures)} of {len(self.results)} windows failed"
        return RunFailed(message, "when the cause is mended, run the same command with --again")

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {
            "pipeline": self.pipeline,
            "metrics": list(self.metrics),
            "failed": bool(self.failures),
            "windows": [result.document() for result in self.results],
        }


def metrics(pipeline: Pipeline, records: Collection[Record]) -> tuple[str, ...]:
    """The names of the metrics to compare runs by: the gate's first, then the most telling ones that they have."""
    known = {name for record in records for name in record.metrics}
    telling = (*history.TELLING, "train:mse", *pipeline.training.metrics)
    names = (history.metric(pipeline, records), *(name for name in telling if name in known))
    return tuple(dict.fromkeys(name for name in names if name))[:MOST_METRICS]

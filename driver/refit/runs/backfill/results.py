"""Results of a backfill, per window. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from refit.domain.date_ranges import days_in
from refit.domain.outcomes import NO_NEW_DATA
from refit.errors import RunFailed
from refit.pipeline.model import Pipeline
from refit.runs import history
from refit.runs.backfill.windows import MODEL, PlannedWindow
from refit.runs.record import Record

GOOD_ENDS = MODEL | {NO_NEW_DATA}
MOST_METRICS = 3
"""How many metrics a table shows; the JSON document has all of them."""


@dataclass(frozen=True)
class WindowResult:
    """The result of a window. `record` is that of its run, None if none was started for lack of data."""

    planned: PlannedWindow
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
        """The number of days with data that the model was trained on; without a model, that have data now."""
        seen = self.record.days if self.record else {}
        return sum(len(days_in(seen.get(use, ()))) for use in ("train", "validation")) or self.planned.days

    def document(self) -> dict[str, Any]:
        """The result as JSON values."""
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
    """The results of all windows, oldest first. `metrics` has the names of the metrics to compare them by."""

    pipeline: str
    results: tuple[WindowResult, ...]
    metrics: tuple[str, ...]

    @property
    def failures(self) -> tuple[WindowResult, ...]:
        return tuple(result for result in self.results if result.failed)

    @property
    def error(self) -> RunFailed | None:
        """The error to raise after the report; None if no window failed."""
        if not self.failures:
            return None
        message = f"{len(self.failures)} of {len(self.results)} windows failed"
        return RunFailed(message, "once the cause is fixed, repeat the command with --again")

    def document(self) -> dict[str, Any]:
        """The results as JSON values."""
        return {
            "pipeline": self.pipeline,
            "metrics": list(self.metrics),
            "failed": bool(self.failures),
            "windows": [result.document() for result in self.results],
        }


def metrics(pipeline: Pipeline, records: Collection[Record]) -> tuple[str, ...]:
    """The names of the metrics to compare runs by: the gate's first, then the main metrics that the runs have."""
    known = {name for record in records for name in record.metrics}
    main = (*history.MAIN_METRICS, "train:mse", *pipeline.training.metrics)
    names = (history.metric(pipeline, records), *(name for name in main if name in known))
    return tuple(dict.fromkeys(name for name in names if name))[:MOST_METRICS]

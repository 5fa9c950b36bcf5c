"""The plan of a merge as a frozen value: the pull request's comment shows it, `refit trigger` executes it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from refit.costs.estimate import Cost
from refit.data.coverage import Coverage
from refit.domain.data_quality import Breach
from refit.domain.date_ranges import intervals, ranges
from refit.domain.formatting import counted
from refit.domain.window import Window, instant_text
from refit.errors import Problem
from refit.git import Commit
from refit.pipeline.model import Pipeline
from refit.plan.actions import Action
from refit.plan.field_changes import Change
from refit.plan.machinery import Upgrade
from refit.runs.launcher import Run


@dataclass(frozen=True)
class PlannedPipeline:
    """The plan of one pipeline.

    `window` is set if a run will train, `coverage` if the bucket could be read; otherwise `unknown` says why it could
    not. `run` is set if a commit is planned, not a working tree. `pipeline` comes from the new file; None if there is
    no valid one. Costs are in US dollars; `endpoint_month_before` is that of the old file.
    """

    change: Change
    file: str
    pipeline: Pipeline | None = None
    window: Window | None = None
    coverage: Coverage | None = None
    unknown: str = ""
    cost: Cost | None = None
    endpoint_month_before: float | None = None
    run: Run | None = None
    contract: Mapping[str, tuple[Breach, ...]] = field(default_factory=dict)
    """What the new data contract means for the days that the live model's run has measured, by YYYY-MM-DD."""
    uncounted: tuple[date, ...] = ()
    """The days of the window that have data in the names of the old file, and none in those of the new one."""

    @property
    def uncounted_text(self) -> str:
        """A sentence about the days whose data no longer counts; "" if there are none."""
        if not self.uncounted:
            return ""
        days = f"{counted(len(self.uncounted), 'day')} ({ranges(self.uncounted)})"
        return f"The window has {days} whose data has the names of the old file and no longer counts"

    @property
    def key(self) -> str:
        return self.change.key

    @property
    def action(self) -> Action:
        return self.change.action

    @property
    def too_little_data(self) -> bool:
        """Whether the run is known to end in NoNewData."""
        return self.coverage is not None and not self.coverage.enough

    def document(self) -> dict[str, Any]:
        """The plan of the pipeline as JSON values."""
        return {
            "pipeline": self.key,
            "file": self.file,
            "change": self.change.kind,
            "action": self.action,
            "fields": [asdict(one) for one in self.change.fields],
            "problems": [asdict(problem) for problem in self.change.problems],
            "remarks": list(self.change.remarks),
            "window": self.window.as_dates() if self.window else None,
            "data": self.coverage.document() if self.coverage else None,
            "days_no_longer_counted": intervals(self.uncounted),
            "data_unknown": self.unknown or None,
            "contract": {day: [one.to_document() for one in found] for day, found in self.contract.items()},
            "too_little_data": self.too_little_data,
            "cost": asdict(self.cost) if self.cost else None,
            "endpoint_month_before": self.endpoint_month_before,
            "run": asdict(self.run) if self.run else None,
        }


@dataclass(frozen=True)
class Plan:
    """Everything that a merge does, at the event time `at`.

    `base` is None for an empty repository, and for runs of pipelines given by name; `head` is None for a working tree.
    """

    base: Commit | None
    head: Commit | None
    at: datetime
    pipelines: tuple[PlannedPipeline, ...]
    reformatted: tuple[str, ...] = ()
    """The pipelines whose file changed, but none of its values."""
    machinery: tuple[str, ...] = ()
    """The changed files that every stack is built from: every stack is applied again, and no run starts for it."""
    upgrade: Upgrade | None = None
    """The change of the version in refit.toml: every stack is applied again, and no run starts for it."""
    strays: tuple[Problem, ...] = ()
    """The new files in the folder of the pipelines that no command reads."""

    @property
    def valid(self) -> bool:
        return not any(planned.change.problems for planned in self.pipelines)

    def document(self) -> dict[str, Any]:
        """The plan as JSON values: dates as YYYY-MM-DD, instants in UTC."""
        return {
            "base": self.base.sha if self.base else None,
            "head": self.head.sha if self.head else None,
            "at": instant_text(self.at),
            "valid": self.valid,
            "pipelines": [planned.document() for planned in self.pipelines],
            "reformatted": list(self.reformatted),
            "machinery": list(self.machinery),
            "upgrade": asdict(self.upgrade) if self.upgrade else None,
            "ignored": [str(one) for one in self.strays],
        }

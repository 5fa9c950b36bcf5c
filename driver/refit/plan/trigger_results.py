"""Results of `refit trigger`: plain values, for reports and for JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from refit.domain.formatting import counted
from refit.errors import RunFailed
from refit.plan.actions import Action
from refit.plan.plan import Plan
from refit.runs.launcher import DID_NOTHING

NOTHING_TO_START = "nothing to start"


@dataclass(frozen=True)
class PipelineResult:
    """The result of one pipeline. `how` says whether its run was started, found running, found ended, or not started.

    `outcome` is the name of the run's last state (Running if it has not ended), None without a run; `seconds` is the
    duration of the run.
    """

    pipeline: str
    action: Action
    how: str
    run: str | None = None
    arn: str | None = None
    outcome: str | None = None
    reason: str = ""
    seconds: float | None = None
    failed: bool = False


@dataclass(frozen=True)
class TriggerResult:
    """The results of all pipelines, in the order of the plan."""

    plan: Plan
    results: tuple[PipelineResult, ...]

    @property
    def failures(self) -> tuple[PipelineResult, ...]:
        return tuple(result for result in self.results if result.failed)

    @property
    def error(self) -> RunFailed | None:
        """The error to raise after the report, if a run could not be started, or was followed and failed."""
        if not self.failures:
            return None
        lines = [f"{one.pipeline}: {one.outcome or one.how}: {one.reason}" for one in self.failures]
        # A run that found the pipeline held or busy changed nothing, but the change is not deployed.
        verb = "did nothing" if all(one.outcome in DID_NOTHING for one in self.failures) else "failed"
        total = counted(len(self.results), "pipeline")
        return RunFailed(f"{len(lines)} of {total} {verb}:\n" + "\n".join(lines))

    def document(self) -> dict[str, Any]:
        """The results as JSON values."""
        commit = self.plan.head.sha if self.plan.head else None
        return {"commit": commit, "failed": bool(self.failures), "pipelines": [asdict(one) for one in self.results]}

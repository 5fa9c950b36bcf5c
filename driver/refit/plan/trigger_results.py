"""Results of `refit trigger`: plain values, for reports and for JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from refit.domain.formatting import counted
from refit.domain.outcomes import ALREADY_RUNNING, HELD
from refit.errors import PipelineHeld, RefitError, RunFailed
from refit.plan.actions import Action
from refit.plan.plan import Plan

NOTHING_TO_START = "nothing to start"


@dataclass(frozen=True)
class PipelineResult:
    """The result of one pipeline. `how` says whether its run was started, found running, found ended, or not started.

    `outcome` is the name of the run's last state (Running if it has not ended), None without a run; `seconds` is the
    duration of the run. A run that ended in Held has not failed: a user wants the live model to stay.
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
    def held(self) -> tuple[PipelineResult, ...]:
        return tuple(result for result in self.results if result.outcome == HELD)

    @property
    def error(self) -> RefitError | None:
        """The error to raise after the report, if a run could not be started, failed when followed, or was held.

        The hold itself has been reported with the run.
        """
        total = counted(len(self.results), "pipeline")
        hint = None
        if self.held:
            keys = " ".join(one.pipeline for one in self.held)
            hint = f"once the hold is released, start the held runs: refit trigger {keys} --force"
        if not self.failures:
            verb = "is" if len(self.held) == 1 else "are"
            return PipelineHeld(f"{len(self.held)} of {total} {verb} held: nothing was changed", hint) if hint else None
        lines = [f"{one.pipeline}: {one.outcome or one.how}: {one.reason}" for one in self.failures]
        # A run that found the pipeline busy changed nothing, but the change is not deployed.
        verb = "did nothing" if all(one.outcome == ALREADY_RUNNING for one in self.failures) else "failed"
        return RunFailed(f"{len(lines)} of {total} {verb}:\n" + "\n".join(lines), hint)

    def document(self) -> dict[str, Any]:
        """The results as JSON values."""
        commit = self.plan.head.sha if self.plan.head else None
        return {
            "commit": commit,
            "failed": bool(self.failures),
            "held": bool(self.held),
            "pipelines": [asdict(one) for one in self.results],
        }

"""Says since when and until when a run waits for approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from refit.aws.executions import ExecutionState
from refit.domain.run_request import instant
from refit.pipeline.model import Pipeline


@dataclass(frozen=True)
class ApprovalWait:
    """The wait of a run in AwaitApproval, in ISO 8601. `until` is None if the pipeline file has no `approval` now."""

    since: str
    until: str | None

    @classmethod
    def of(cls, state: ExecutionState, pipeline: Pipeline) -> ApprovalWait | None:
        """The wait of the run, or None if it does not wait for approval. The file of `pipeline` sets its length."""
        if state.awaits_approval_since is None:
            return None
        limit = timedelta(minutes=pipeline.approval.timeout_minutes) if pipeline.approval else None
        since = state.awaits_approval_since
        return cls(instant(since), instant(since + limit) if limit else None)

    def sentence(self, pipeline: str, run: str) -> str:
        """What the wait is, and the commands that end it; `pipeline` is the full name, with the environment."""
        until = f" until {self.until}" if self.until else ""
        answers = f"refit approve {pipeline} {run}, or refit reject {pipeline} --reason TEXT {run}"
        return f"waits for approval since {self.since}{until}: {answers}"

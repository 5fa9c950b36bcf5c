"""How a pipeline stands, as plain values: for the table of `refit status`, and for machines."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from refit.aws.endpoint import EndpointStatus
from refit.domain.run_document import Hold
from refit.live.drift import Difference


@dataclass(frozen=True)
class RunStatus:
    """A run: its name, the name of its last state (Running while it goes on), why, and its length so far."""

    name: str
    outcome: str
    reason: str
    started_at: datetime
    seconds: float
    succeeded: bool


@dataclass(frozen=True)
class PipelineStatus:
    """One pipeline at one moment. Every None is "there is none yet".

    `applied` is None when that could not be found out; `note` then says why, or how to apply it. `watermark` is the
    parameter's text, `newest` the newest day with data and `age_days` its age. `drift` is what runs otherwise than
    the file says, `hold` who keeps runs from replacing the model.
    """

    pipeline: str
    applied: bool | None
    note: str = ""
    watermark: str | None = None
    newest: date | None = None
    age_days: int | None = None
    run: RunStatus | None = None
    endpoint: EndpointStatus | None = None
    drift: tuple[Difference, ...] = ()
    hold: Hold | None = None

    @property
    def known(self) -> bool:
        """Whether the pipeline could be looked at."""
        return self.applied is not None

    def document(self) -> dict[str, Any]:
        """For machines: dates as YYYY-MM-DD, instants in ISO 8601, lengths in seconds."""
        found = asdict(self)
        found["newest"] = self.newest.isoformat() if self.newest else None
        if self.run:
            found["run"]["started_at"] = self.run.started_at.isoformat()
        return found

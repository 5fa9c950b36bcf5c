"""Selects the earlier model that a rollback restores, from the records of runs and the live endpoint. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from refit.aws.endpoint import EndpointStatus
from refit.domain.run_document import Hold
from refit.errors import RefitError
from refit.runs.record import Record

IS_LIVE = "already live"
"""How a rollback went that had nothing to do."""
CHOICES = 5
"""How many runs a message suggests."""


@dataclass(frozen=True)
class RollbackTarget:
    """The model to restore and the run that deployed it. `is_live` says that it is live already."""

    model: str
    run: str
    is_live: bool = False


@dataclass(frozen=True)
class RollbackResult:
    """The result of a rollback. `how` is the kind of its launch, or IS_LIVE if no run was needed.

    `model` is the restored model, `of` the run that deployed it first. `outcome` is the last state of `run`, Running if
    it has not ended, and `seconds` its duration. `hold` is the current hold; `any_change` says that without a hold late
    and corrected data leads to a new model, too.
    """

    pipeline: str
    model: str
    of: str
    how: str
    run: str | None = None
    outcome: str | None = None
    seconds: float | None = None
    hold: Hold | None = None
    any_change: bool = False

    def document(self) -> dict[str, Any]:
        """The result as JSON values."""
        return asdict(self)


def previous(
    deployed: Iterable[Record], live: EndpointStatus | None, exists: Callable[[str], bool], pipeline: str
) -> RollbackTarget:
    """The model that was live before the current one, among the models that `exists` finds in SageMaker.

    `deployed` has the newest run first. After a rollback, the restored model is the answer again: repeating the command
    must neither undo the rollback nor go further back. Raises RefitError if there is no such model.
    """
    current = live.model if live else None
    lost: list[Record] = []
    for record in deployed:
        model = str(record.model)
        if model == current:
            if record.rolled_back and not lost:
                return RollbackTarget(model, record.run, _is_settled(live))
        elif exists(model):
            return RollbackTarget(model, record.run)
        else:
            lost.append(record)
    raise _nothing(f"{pipeline} has no earlier model to restore", lost, pipeline)


def to(
    chosen: Record,
    deployed: Iterable[Record],
    live: EndpointStatus | None,
    exists: Callable[[str], bool],
    pipeline: str,
) -> RollbackTarget:
    """The model that the run `chosen` deployed. Raises RefitError, with a choice of runs, if it cannot be restored."""
    model = chosen.model
    if not chosen.deployed or model is None:
        raise _not_restorable(f"{chosen.run} ended in {chosen.ended} and deployed no model", deployed, exists, pipeline)
    if live and live.model == model:
        return RollbackTarget(model, chosen.run, _is_settled(live))
    if not exists(model):
        raise _not_restorable(
            f"{model}, the model of {chosen.run}, no longer exists in SageMaker", deployed, exists, pipeline
        )
    return RollbackTarget(model, chosen.run)


def _is_settled(live: EndpointStatus | None) -> bool:
    """Whether the live model stays: an endpoint that is being updated is about to get another model."""
    return live is not None and live.status == "InService"


def _not_restorable(why: str, deployed: Iterable[Record], exists: Callable[[str], bool], pipeline: str) -> RefitError:
    names = list(_possible(deployed, exists))
    if not names:
        return _nothing(why, [], pipeline)
    return RefitError(why, f"choose a run whose model exists: {', '.join(names)}")


def _possible(deployed: Iterable[Record], exists: Callable[[str], bool]) -> Iterator[str]:
    """The newest run of each of the newest models that exist."""
    seen: set[str] = set()
    for record in deployed:
        model = str(record.model)
        if model not in seen and exists(model):
            yield record.run
        seen.add(model)
        if len(seen) == CHOICES:
            return


def _nothing(why: str, lost: Iterable[Record], pipeline: str) -> RefitError:
    gone = ", ".join(record.run for record in lost)
    since = f"; the models of {gone} were deleted (endpoint.keep sets how many are kept)" if gone else ""
    hint = f"train on the days of an earlier run instead: refit trigger {pipeline} --window START..END --force"
    return RefitError(f"{why}{since}", hint)

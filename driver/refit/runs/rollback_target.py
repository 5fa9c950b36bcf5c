"""Selects the earlier model that a rollback restores, from the records of runs and the live endpoint. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from refit.aws.endpoint import EndpointStatus
from refit.domain.run_document import Hold
from refit.errors import RefitError
from refit.runs import execution_names
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
    deployed: Iterable[Record],
    live: EndpointStatus | None,
    exists: Callable[[str], bool],
    pipeline: str,
    rollbacks: Iterable[str] = (),
) -> RollbackTarget:
    """The model that was live before the current one, among the models that `exists` finds in SageMaker.

    `deployed` has the newest run first; `rollbacks` are the names of the rollbacks that were ever started. A rollback
    that was stopped, or that SageMaker finished after its time-out, has no record, so the records are compared with
    the live model: a model that was first deployed after it, or that a rollback took away, is not the answer. After a
    rollback, the restored model is the answer again: repeating the command must neither undo the rollback nor go
    further back. Raises RefitError if there is no such model.
    """
    records = list(deployed)
    # A model's last index is that of its first deployment.
    first = {record.model: index for index, record in enumerate(records)}
    current = live.model if live else None
    first_of_current = first.get(current, -1)
    taken_away = _taken_away(records, frozenset(rollbacks))
    lost: list[Record] = []
    is_restored = False
    for record in records:
        model = str(record.model)
        if model == current:
            if is_restored or (record.rolled_back and not lost):
                return RollbackTarget(model, record.run, _is_settled(live))
        elif first[model] < first_of_current:
            is_restored = True
        elif model in taken_away:
            continue
        elif exists(model):
            return RollbackTarget(model, record.run)
        else:
            lost.append(record)
    raise _nothing(f"{pipeline} has no earlier model to restore", lost, pipeline)


def _taken_away(records: Iterable[Record], rollbacks: Collection[str]) -> set[str | None]:
    """The models that a rollback was to replace, however it ended, unless they were restored later.

    The name of a rollback ends in the digest of the endpoint config that it replaces.
    """
    replaced = set(filter(None, map(execution_names.replaced_by_rollback, rollbacks)))
    taken_away: set[str | None] = set()
    restored: set[str | None] = set()
    for record in records:
        if record.model in restored:
            continue
        if execution_names.config_digest(str(record.deployment.get("endpoint_config"))) in replaced:
            taken_away.add(record.model)
        if record.rolled_back:
            restored.add(record.model)
    return taken_away


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

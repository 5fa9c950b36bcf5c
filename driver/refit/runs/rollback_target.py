"""Which earlier model a rollback puts back, from the runs that deployed one and from what serves now. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from refit.aws.endpoint import EndpointStatus
from refit.domain.run_document import Hold
from refit.errors import RefitError
from refit.runs.record import Record

SERVES = "serves already"
CHOICES = 5
"""How many runs to go back to are named."""


@dataclass(frozen=True)
class RollbackTarget:
    """The model to put back and the run that deployed it. `serves` says that it serves already."""

    model: str
    run: str
    serves: bool = False


@dataclass(frozen=True)
class RollbackResult:
    """What became of it: `how` its run came to be, or SERVES when none was needed.

    `model` is the one that is put back, `of` the run that deployed it. `outcome` is the last state of `run`, Running
    while it goes on, and `seconds` its length. `hold` is the one that is in force; `any_change` says that without one
    late and corrected data, too, lead to a new model.
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
        """For machines."""
        return asdict(self)


def previous(
    deployed: Iterable[Record], live: EndpointStatus | None, exists: Callable[[str], bool], pipeline: str
) -> RollbackTarget:
    """The model that served before the present one, of those that `exists` finds in SageMaker.

    `deployed` has the newest run first. Once a rollback has put a model back, that is the answer again: a command that
    is repeated must not bring back what it took away, nor go further back than was asked for.
    Raises RefitError when there is no such model.
    """
    serving = live.model if live else None
    lost: list[Record] = []
    for record in deployed:
        model = str(record.model)
        if model == serving:
            if record.rolled_back and not lost:
                return RollbackTarget(model, record.run, _is_settled(live))
        elif exists(model):
            return RollbackTarget(model, record.run)
        else:
            lost.append(record)
    raise _nothing(f"there is no earlier model of {pipeline} to go back to", lost, pipeline)


def to(
    chosen: Record,
    deployed: Iterable[Record],
    live: EndpointStatus | None,
    exists: Callable[[str], bool],
    pipeline: str,
) -> RollbackTarget:
    """The model that the run `chosen` deployed. Raises RefitError, naming runs to choose, when there is none."""
    model = chosen.model
    if not chosen.deployed or model is None:
        raise _refused(f"{chosen.run} ended {chosen.ended} and deployed nothing", deployed, exists, pipeline)
    if live and live.model == model:
        return RollbackTarget(model, chosen.run, _is_settled(live))
    if not exists(model):
        raise _refused(f"{model}, the model of {chosen.run}, is not in SageMaker any more", deployed, exists, pipeline)
    return RollbackTarget(model, chosen.run)


def _is_settled(live: EndpointStatus | None) -> bool:
    """Whether what serves stays: an endpoint that is being changed has another model before it."""
    return live is not None and live.status == "InService"


def _refused(why: str, deployed: Iterable[Record], exists: Callable[[str], bool], pipeline: str) -> RefitError:
    names = list(_possible(deployed, exists))
    if not names:
        return _nothing(why, [], pipeline)
    return RefitError(why, f"choose a run whose model is there: {', '.join(names)}")


def _possible(deployed: Iterable[Record], exists: Callable[[str], bool]) -> Iterator[str]:
    """The newest run of each of the newest models that are there."""
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
    since = f"; the models of {gone} were deleted (endpoint.keep says how many stay)" if gone else ""
    hint = f"train on the days of an earlier run: refit trigger {pipeline} --window START..END --force"
    return RefitError(f"{why}{since}", hint)

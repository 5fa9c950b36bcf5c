"""Which endpoint configs and models of a pipeline's runs may go after a deployment. Pure: decides, deletes nothing.

A version is a model that was deployed. Versions are counted by when they were last deployed, and not by when they were
trained: otherwise the model that a roll-back brought back would be the first to go at the next deployment, and it is
the very one that people may want back once more.

A run without a record is none that failed: it was stopped, its record was removed by the bucket's lifecycle, or it is
older than records are. So what it made stays, `keep` models of such runs at most, and does not count: a row of stopped
runs must not push out the versions that are known to have served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple


class Resource(NamedTuple):
    """An endpoint config or a model that a run of the pipeline made."""

    name: str
    arn: str
    created: datetime


class InUse(NamedTuple):
    """What the endpoint serves, or is being changed to; `models` is None when that cannot be told."""

    configs: frozenset[str]
    models: frozenset[str] | None


class Deletable(NamedTuple):
    """The names of what may go, the oldest first."""

    configs: list[str]
    models: list[str]


class Queries(NamedTuple):
    """What is asked of AWS one by one, and only where it matters.

    `deployed` says whether the run that made something deployed it, None when nobody can tell; `models_of` which models
    the endpoint config of a name is made of.
    """

    deployed: Callable[[Resource], bool | None]
    models_of: Callable[[str], frozenset[str]]


def leftovers(
    configs: Iterable[Resource], models: Iterable[Resource], own: str, in_use: InUse, keep: int, facts: Queries
) -> Deletable:
    """What no one of the newest `keep` versions needs; `own` is the config of the run that has just deployed.

    Never what is in use, what is as new as `own`, or a model that a config names which stays. Of a version's configs
    the newest stays. If `own` is not among `configs`, the list is out of date, and nothing goes.
    """
    listed = _newest_first(configs)
    now = next((config.created for config in listed if config.name == own), None)
    if now is None:
        return Deletable([], [])
    going_configs: list[str] = []
    versions, staying, unknown = set[str](), set(in_use.models or ()), set[str]()
    for config in listed:
        if config.created >= now or config.name in in_use.configs:
            named = facts.models_of(config.name)
            staying |= named
            versions |= named if config.name == own else set()
            continue
        deployed = facts.deployed(config) if len(versions) < keep else False
        named = frozenset() if deployed is False else facts.models_of(config.name)
        if deployed and not named <= versions:
            versions |= named
        elif deployed is None and not named <= staying and len(unknown) < keep:
            unknown |= named
        else:
            going_configs.append(config.name)
            continue
        staying |= named
    going_models: list[str] = []
    for model in _newest_first(models) if in_use.models is not None else ():
        if model.created >= now or model.name in staying:
            continue
        # Somebody may have deleted the config of a version by hand: its model can still be deployed again.
        if len(versions) < keep and facts.deployed(model):
            versions.add(model.name)
        else:
            going_models.append(model.name)
    return Deletable(going_configs[::-1], going_models[::-1])


def _newest_first(made: Iterable[Resource]) -> list[Resource]:
    return sorted(made, key=lambda item: (item.created, item.name), reverse=True)

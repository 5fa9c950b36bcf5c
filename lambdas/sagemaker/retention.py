"""Decides which endpoint configs and models of a pipeline's runs can be deleted after a deployment. Pure.

A version is a model that was deployed. Versions are ordered by their last deployment and not by their training:
otherwise the model that a rollback restored would be the first to be deleted at the next deployment, although it is the
one most likely to be wanted again.

A run without a record is not a failed run: it was stopped, its record was deleted by the bucket's lifecycle rules, or
it is older than records are. So the models of such runs are kept, at most `keep` of them, in addition to the versions:
a series of stopped runs must not displace versions that are known to have served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple


class Resource(NamedTuple):
    """An endpoint config or a model that a run of the pipeline created."""

    name: str
    arn: str
    created: datetime


class InUse(NamedTuple):
    """The configs and models that the endpoint serves or is changing to; `models` is None if they are unknown."""

    configs: frozenset[str]
    models: frozenset[str] | None


class Deletable(NamedTuple):
    """The names of the resources that can be deleted, oldest first."""

    configs: list[str]
    models: list[str]


class Queries(NamedTuple):
    """Calls to AWS about single resources, made only if the decision depends on them.

    `deployed`: whether the run that created the resource deployed it, None if unknown. `models_of`: the models of the
    endpoint config with that name.
    """

    deployed: Callable[[Resource], bool | None]
    models_of: Callable[[str], frozenset[str]]


def deletable(
    configs: Iterable[Resource], models: Iterable[Resource], own: str, in_use: InUse, keep: int, queries: Queries
) -> Deletable:
    """The resources that none of the newest `keep` versions needs; `own` is the config that was just deployed.

    Excludes resources in use, those that are as new as `own`, and models of configs that are kept. Of a version's
    configs the newest is kept. If `own` is not among `configs`, the list is out of date, and nothing is deletable.
    """
    listed = _newest_first(configs)
    now = next((config.created for config in listed if config.name == own), None)
    if now is None:
        return Deletable([], [])
    deletable_configs: list[str] = []
    versions, kept, unknown = set[str](), set(in_use.models or ()), set[str]()
    for config in listed:
        if config.created >= now or config.name in in_use.configs:
            named = queries.models_of(config.name)
            kept |= named
            versions |= named if config.name == own else set()
            continue
        deployed = queries.deployed(config) if len(versions) < keep else False
        named = frozenset() if deployed is False else queries.models_of(config.name)
        if deployed and not named <= versions:
            versions |= named
        elif deployed is None and not named <= kept and len(unknown) < keep:
            unknown |= named
        else:
            deletable_configs.append(config.name)
            continue
        kept |= named
    deletable_models: list[str] = []
    for model in _newest_first(models) if in_use.models is not None else ():
        if model.created >= now or model.name in kept:
            continue
        # The config of a version may have been deleted manually: its model can still be deployed again.
        if len(versions) < keep and queries.deployed(model):
            versions.add(model.name)
        else:
            deletable_models.append(model.name)
    return Deletable(deletable_configs[::-1], deletable_models[::-1])


def _newest_first(resources: Iterable[Resource]) -> list[Resource]:
    return sorted(resources, key=lambda item: (item.created, item.name), reverse=True)

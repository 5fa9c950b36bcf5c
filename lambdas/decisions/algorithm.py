"""The built-in algorithm of a run, and whether it reads the window's objects. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from refit.domain.algorithms import BUILT_IN, Algorithm
from refit.domain.algorithms.linear_learner import LINEAR_LEARNER
from refit.domain.days import DataObject
from refit.domain.errors import UnreadableData
from refit.domain.formatting import counted, cut
from refit.domain.object_names import shown

LONGEST_KEY = 200
"""Characters of a key in a message."""


def named_in(settings: Mapping[str, Any]) -> Algorithm:
    """The algorithm in CheckData's settings. An execution that started before an upgrade has none: Linear Learner."""
    return BUILT_IN[settings.get("algorithm", LINEAR_LEARNER.name)]


def require_readable(settings: Mapping[str, Any], objects: Iterable[DataObject]) -> None:
    """Raises UnreadableData if the algorithm's container would leave out some of the objects without failing."""
    algorithm = named_in(settings)
    if settings["image"] is not None or algorithm.max_folders is None:
        return
    deep = [item.key for item in objects if item.key.count("/") > algorithm.max_folders]
    if deep:
        others = f", as {counted(len(deep) - 1, 'more object')}" if len(deep) > 1 else ""
        raise UnreadableData(
            f"{cut(shown(deep[0]), LONGEST_KEY)} is in {deep[0].count('/')} folders{others}; {algorithm.title} reads "
            f"keys with at most {algorithm.max_folders} and would train without it: use a shorter prefix or layout"
        )

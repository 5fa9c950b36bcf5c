"""Compares two revisions of the pipeline files: the fields that changed, and what the merge does about them. Pure.

Values are compared, not text: comments, formatting, and writing out a default are not changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from refit.domain.setting_values import REJECT
from refit.errors import Problem
from refit.pipeline.model import Pipeline
from refit.pipeline.schema.contract import Column
from refit.plan.actions import (
    _ORDER,
    ACTIONS,
    INCOMPARABLE,
    MODELS_DIFFER,
    REMARKS,
    REMOVED,
    UNREADABLE_BEFORE,
    Action,
)


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    NAMED = "named"
    """Not changed: a run was requested by name."""


Side: TypeAlias = Mapping[str, Pipeline | tuple[Problem, ...]]
"""One revision: the key of a pipeline (`<environment>/<name>`) → the pipeline, or the problems of its file."""

Trees: TypeAlias = Mapping[str, str]
"""The code of one revision: a folder, as in `training.source` → the id of its content. Missing folders are omitted."""
NO_TREES: Trees = MappingProxyType({})
SHORT = 7
"""How many characters of an id are shown, as git does. All characters are compared."""


@dataclass(frozen=True)
class FieldChange:
    """A value that changed: its dotted path, and the values before and after (None: omitted, without a default)."""

    field: str
    before: Any
    after: Any
    action: Action


@dataclass(frozen=True)
class Change:
    """The change of one pipeline. `problems` are those of the new file; with any, the action is NONE."""

    key: str
    kind: Kind
    action: Action
    fields: tuple[FieldChange, ...] = ()
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Code:
    """The folder and the content of `training.source` in one revision; `tree` is None if there is no such folder."""

    folder: str
    tree: str | None

    def __str__(self) -> str:
        return f"{self.folder}@{self.tree[:SHORT]}" if self.tree else self.folder


_Values: TypeAlias = Mapping[tuple[str, str], Any]


def changes(
    before: Side, after: Side, code_before: Trees = NO_TREES, code_after: Trees = NO_TREES
) -> tuple[Change, ...]:
    """The pipelines that differ between the revisions, ordered by key.

    The content of the folder is part of the value of `training.source`: `folder@id`.
    """
    return tuple(
        change
        for key in sorted(before.keys() | after.keys())
        if (change := _change(key, before.get(key), after.get(key), code_before, code_after))
    )


def _change(
    key: str,
    before: Pipeline | tuple[Problem, ...] | None,
    after: Pipeline | tuple[Problem, ...] | None,
    code_before: Trees,
    code_after: Trees,
) -> Change | None:
    if after is None:
        return Change(key, Kind.REMOVED, Action.NONE, remarks=(REMOVED,))
    kind = Kind.ADDED if before is None else Kind.CHANGED
    if isinstance(after, tuple):
        return Change(key, kind, Action.NONE, problems=after)
    if before is None:
        return Change(key, kind, Action.RETRAIN)
    if isinstance(before, tuple):
        return Change(key, kind, Action.RETRAIN, remarks=(UNREADABLE_BEFORE,))
    fields = tuple(_differences(_values(before, code_before), _values(after, code_after)))
    if not fields:
        return None
    remarks = [REMARKS[field.field] for field in fields if field.field in REMARKS]
    if _rejects_every_model(after, fields):
        remarks.append(INCOMPARABLE)
    return Change(key, kind, _first(fields), fields, remarks=tuple(remarks))


def _rejects_every_model(after: Pipeline, fields: tuple[FieldChange, ...]) -> bool:
    """Whether the gate cannot compare the next model with the live one because of these fields, and so rejects it."""
    gate = after.gate
    if gate is None or gate.max_regression is None or gate.on_incomparable != REJECT:
        return False
    return any(field.field in MODELS_DIFFER for field in fields)


def _first(fields: tuple[FieldChange, ...]) -> Action:
    actions = {field.action for field in fields}
    return next(action for action in Action if action in actions)


def _differences(old: _Values, new: _Values) -> Iterator[FieldChange]:
    for leaf, field in sorted(old.keys() | new.keys(), key=lambda paths: (_ORDER[paths[0]], paths[1])):
        was, is_now = old.get((leaf, field)), new.get((leaf, field))
        if was != is_now:
            yield FieldChange(field, _shown(was), _shown(is_now), ACTIONS[leaf])


def _values(pipeline: Pipeline, code: Trees) -> _Values:
    """Every effective value, by its field in ACTIONS and its own path; they differ for the entries of a map."""
    document = pipeline.model_dump(mode="json")
    # Effective values, not written ones: writing out a default changes nothing.
    document["endpoint"]["name"] = pipeline.endpoint_name
    document["window"] |= pipeline.window.settings
    if source := pipeline.training.source:
        document["training"]["source"] = _Code(source.rstrip("/"), code.get(source))
    return dict(_leaves(document, ""))


def _shown(value: Any) -> Any:
    return str(value) if isinstance(value, _Code) else value


def _leaves(section: Mapping[str, Any], prefix: str) -> Iterator[tuple[tuple[str, str], Any]]:
    for name, value in section.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict) and path not in ACTIONS:
            yield from _leaves(value, f"{path}.")
        elif isinstance(value, dict):
            yield from (((path, f"{path}.{entry}"), text) for entry, text in value.items())
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from _columns(value, path)
        elif value is not None:
            yield (path, path), value


def _columns(listed: list[Mapping[str, Any]], path: str) -> Iterator[tuple[tuple[str, str], Any]]:
    """The names of the columns in their order, and their other values that are not the defaults."""
    yield (path, path), [one["name"] for one in listed]
    for one in listed:
        for name, value in one.items():
            if name != "name" and value not in (None, [], Column.model_fields[name].default):
                yield (path, f"{path}.{one['name']}.{name}"), value

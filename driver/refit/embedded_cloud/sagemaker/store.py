"""The resources there are, by kind, account, region and name. `lock` guards them and everything in them.

Names are the same in upper and lower case:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterable
from typing import Any, TypeVar

from refit.embedded_cloud.sagemaker.resources import Endpoint, EndpointConfig, Model, Record, TrainingJob
from refit.embedded_cloud.sagemaker.scope import Scope

R = TypeVar("R", bound=Record)

KINDS: tuple[type[Record], ...] = (TrainingJob, Model, EndpointConfig, Endpoint)

lock = threading.RLock()
_records: dict[tuple[str, Scope, str], Record] = {}


def find(kind: type[R], scope: Scope, name: str) -> R | None:
    record = _records.get((kind.KIND, scope, name.lower()))
    return record if isinstance(record, kind) else None


def of_kind(kind: type[R], scope: Scope | None = None) -> list[R]:
    """Every resource of a kind, in one scope or in all."""
    with lock:
        return [r for r in _records.values() if isinstance(r, kind) and scope in (None, r.scope)]


def by_arn(arn: str) -> Record | None:
    with lock:
        return next((record for record in _records.values() if record.arn == arn), None)


def add(record: Record) -> None:
    _records[record.KIND, record.scope, record.name.lower()] = record


def remove(record: Record) -> None:
    """Takes away this very record, and not another that has its name since a reset."""
    if find(type(record), record.scope, record.name) is record:
        del _records[record.KIND, record.scope, record.name.lower()]


def clear() -> None:
    with lock:
        _records.clear()


def dump() -> dict[str, Any]:
    """Everything, as JSON; `restore` reads it."""
    with lock:
        return {kind.KIND: [dataclasses.asdict(record) for record in of_kind(kind)] for kind in KINDS}


def restore(state: dict[str, Any]) -> None:
    """Replaces everything by what `dump` gave."""
    with lock:
        _records.clear()
        for kind in KINDS:
            for fields in _known(kind, state.get(kind.KIND, ())):
                add(kind(**fields))


def _known(kind: type[Record], saved: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Fields that this version has: a state saved by another version still loads."""
    names = {field.name for field in dataclasses.fields(kind)}
    return ({name: value for name, value in fields.items() if name in names} for fields in saved)

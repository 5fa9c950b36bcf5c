"""Stores SageMaker resources by kind, account, region and name. `lock` guards the store and the resources in it.

Names are case-insensitive:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

from refit.embedded_cloud.sagemaker.resources import (
    Endpoint,
    EndpointConfig,
    Job,
    Model,
    ProcessingJob,
    Record,
    TrainingJob,
)
from refit.embedded_cloud.sagemaker.scope import Scope

R = TypeVar("R", bound=Record)

KINDS: tuple[type[Record], ...] = (TrainingJob, ProcessingJob, Model, EndpointConfig, Endpoint)
JOBS: tuple[type[Job], ...] = (TrainingJob, ProcessingJob)

lock = threading.RLock()
_records: dict[tuple[str, Scope, str], Record] = {}


def find(kind: type[R], scope: Scope, name: str) -> R | None:
    """The resource with this name in any case; None if it does not exist."""
    record = _records.get((kind.KIND, scope, name.lower()))
    return record if isinstance(record, kind) else None


def of_kind(kind: type[R], scope: Scope | None = None) -> list[R]:
    """Every resource of a kind, in one scope or in all."""
    with lock:
        return [r for r in _records.values() if isinstance(r, kind) and scope in (None, r.scope)]


def by_arn(arn: str) -> Record | None:
    """The resource with this ARN; None if it does not exist."""
    with lock:
        return next((record for record in _records.values() if record.arn == arn), None)


def add(record: Record) -> None:
    """Adds a resource, or replaces the one with its name."""
    _records[record.KIND, record.scope, record.name.lower()] = record


def remove(record: Record) -> None:
    """Removes this record, but not a newer one that was created under its name after a reset."""
    if find(type(record), record.scope, record.name) is record:
        del _records[record.KIND, record.scope, record.name.lower()]


def clear() -> None:
    """Removes all resources."""
    with lock:
        _records.clear()


def dump() -> dict[str, Any]:
    """All resources as JSON, for `restore`, except the jobs that have ended."""
    with lock:
        return {
            kind.KIND: [dataclasses.asdict(record) for record in of_kind(kind) if not _has_ended(record)]
            for kind in KINDS
        }


def ended_jobs() -> Iterator[tuple[str, Hashable, Callable[[], dict[str, Any]]]]:
    """The name of each job that has ended, its version, and its document for `restore`. Only its tags may change."""
    for job in filter(_has_ended, of_kind(Job)):
        yield job.arn, (job.ended, repr(job.tags)), partial(_document, job)


def restore(state: dict[str, Any]) -> None:
    """Replaces all resources with those that `dump` returned, and the jobs of its member "records"."""
    with lock:
        _records.clear()
        for kind in KINDS:
            for fields in _known_fields(kind, state.get(kind.KIND, ())):
                add(kind(**fields))
        # A job that ended while the state was saved is in both, and has ended.
        ended = state.get("records", {}).values()
        for job in JOBS:
            documents = (each for each in ended if each.get("kind", TrainingJob.KIND) == job.KIND)
            for fields in _known_fields(job, documents):
                add(job(**fields))


def _has_ended(record: Record) -> bool:
    return isinstance(record, Job) and record.ended is not None


def _document(record: Record) -> dict[str, Any]:
    """The fields of a job, and its kind; the documents of older versions have none, and are training jobs."""
    with lock:
        return {**dataclasses.asdict(record), "kind": record.KIND}


def _known_fields(kind: type[Record], saved: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The saved fields that this version has, so that a state saved by another version still loads."""
    names = {field.name for field in dataclasses.fields(kind)}
    return ({name: value for name, value in fields.items() if name in names} for fields in saved)

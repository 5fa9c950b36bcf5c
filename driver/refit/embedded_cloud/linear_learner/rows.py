"""Reads CSV without a header, label first, in batches; errors name the object, the row and the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from refit.domain.formatting import counted
from refit.embedded_cloud.instance.algorithm import CustomerError, Source
from refit.embedded_cloud.linear_learner.tensors import Floats

BATCH_BYTES = 1 << 18
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


@dataclass(frozen=True)
class Batch:
    """Consecutive rows of one object. `numbers` are their line numbers, starting from 1."""

    source: Source
    numbers: Sequence[int]
    labels: Floats
    features: Floats


def read(sources: Sequence[Source], feature_dim: int | None) -> Iterator[Batch]:
    """All rows of the objects, in order. Memory use does not depend on the number of rows.

    Without `feature_dim`, the first row of the first object sets it. Raises CustomerError.
    """
    columns = None if feature_dim is None else feature_dim + 1
    for source in sources:
        rows = 0
        for batch in _read_object(source, columns):
            columns = batch.features.shape[1] + 1
            rows += len(batch.labels)
            yield batch
        if not rows:
            raise CustomerError(f"{source.uri} is empty: it has no rows")


def classes(batches: Iterable[Batch], count: int) -> Iterator[Batch]:
    """The same batches. Raises CustomerError at the first label that is not one of 0, …, `count` - 1."""
    valid = (
        "a binary_classifier are 0 and 1"
        if count == 2
        else f"a multiclass_classifier with num_classes {count} are the whole numbers from 0 to {count - 1}"
    )
    for batch in batches:
        labels = batch.labels
        wrong = np.flatnonzero((labels < 0) | (labels >= count) | (labels != np.floor(labels)))
        if wrong.size:
            reason = f"label {labels[wrong[0]]:g}; the labels of {valid}"
            raise bad_row(batch.source, batch.numbers[int(wrong[0])], reason)
        yield batch


def _read_object(source: Source, columns: int | None) -> Iterator[Batch]:
    before = 0
    with source.path.open("rb") as file:
        while lines := file.readlines(BATCH_BYTES):
            numbers = [number for number, line in enumerate(lines, before + 1) if not line.isspace()]
            if numbers:
                columns = columns or len(lines[numbers[0] - before - 1].split(b","))
                values = _parse(source, [lines[number - before - 1] for number in numbers], numbers, columns)
                yield Batch(source, numbers, values[:, 0], values[:, 1:])
            before += len(lines)


def _parse(source: Source, lines: Sequence[bytes], numbers: Sequence[int], columns: int) -> Floats:
    try:
        values = np.loadtxt(lines, delimiter=",", comments=None, ndmin=2, dtype=np.float64)
    except ValueError as error:
        raise _explain(source, lines, numbers, columns) or CustomerError(f"{source.uri}: {error}") from error
    if columns < 2 or values.shape != (len(lines), columns) or not np.isfinite(values).all():
        raise _explain(source, lines, numbers, columns) or CustomerError(f"{source.uri}: cannot be read as CSV")
    return values


def _explain(source: Source, lines: Sequence[bytes], numbers: Sequence[int], columns: int) -> CustomerError | None:
    """The error for the first invalid row among `lines`. Slow, so it is called only after parsing has failed."""
    for number, line in zip(numbers, lines, strict=True):
        try:
            fields = [field.strip() for field in line.decode().split(",")]
        except UnicodeDecodeError as error:
            return bad_row(source, number, f"byte {error.start + 1} is not UTF-8; the data must be text/csv")
        if reason := _reason(fields, number, columns):
            return bad_row(source, number, reason)
    return None


def _reason(fields: Sequence[str], number: int, columns: int) -> str | None:
    if number == 1 and fields[0].startswith("\ufeff"):
        return "starts with a byte order mark; save the file as UTF-8 without one"
    if number == 1 and not any(_NUMBER.fullmatch(field) or _NOT_FINITE.fullmatch(field) for field in fields):
        return f"is a header ({', '.join(fields)[:80]}); the data must start with its first row"
    if columns < 2:
        return "has 1 column; a row is the label, then at least one feature"
    if len(fields) != columns:
        length = counted(len(fields), "column")
        return f"has {length}, expected {columns}: the label, then feature_dim ({columns - 1}) features"
    for column, field in enumerate(fields, 1):
        if not field:
            return f"column {column} is empty"
        if _NOT_FINITE.fullmatch(field) or (_NUMBER.fullmatch(field) and not np.isfinite(float(field))):
            return f"column {column} is {field[:40]}; every value must be a finite number"
        if not _NUMBER.fullmatch(field):
            return f"column {column} is not a number: {field[:40]!r}"
    return None


def bad_row(source: Source, row: int, reason: str) -> CustomerError:
    """The error for one row of an object."""
    return CustomerError(f"{source.uri}, row {row}: {reason}")

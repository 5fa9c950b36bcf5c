"""Reads CSV without a header, label first, in batches; errors name the object, the row and the reason.

Accepts and rejects the same lines as refit.domain.csv_lines, with the same values; numpy only parses plain ones faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from refit.domain import file_formats
from refit.domain.csv_lines import Fault, is_blank, row
from refit.embedded_cloud.instance.algorithm import CustomerError, Source
from refit.embedded_cloud.linear_learner.tensors import Floats

BATCH_BYTES = 1 << 18
PLAIN = b"0123456789eE+-., \t\n"
"""The bytes of which numpy reads numbers exactly if refit.domain.csv_lines does."""


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
            numbers = [number for number, line in enumerate(lines, before + 1) if not is_blank(line)]
            if numbers:
                columns = columns or len(lines[numbers[0] - before - 1].split(b","))
                values = _parse(source, [lines[number - before - 1] for number in numbers], numbers, columns)
                yield Batch(source, numbers, values[:, 0], values[:, 1:])
            before += len(lines)


def _parse(source: Source, lines: Sequence[bytes], numbers: Sequence[int], columns: int) -> Floats:
    if columns < 2:
        fault = Fault("has 1 column; a row is the label, then at least one feature")
        raise _unreadable(source, numbers[0], fault, columns)
    if (table := _parse_plain(lines, columns)) is not None:
        return table
    rows = []
    for number, line in zip(numbers, lines, strict=True):
        cells = row(line, columns, first=number == 1)
        if isinstance(cells, Fault):
            raise _unreadable(source, number, cells, columns)
        rows.append(list(map(float, cells)))
    return np.array(rows)


def _parse_plain(lines: Sequence[bytes], columns: int) -> Floats | None:
    """The rows of lines of plain characters; None for others, and for lines that are not rows."""
    if b"".join(lines).replace(b"\r\n", b"\n").translate(None, PLAIN):
        return None
    try:
        values = np.loadtxt(lines, delimiter=",", comments=None, ndmin=2, dtype=np.float64)
    except ValueError:
        return None
    return values if values.shape == (len(lines), columns) and np.isfinite(values).all() else None


def _unreadable(source: Source, number: int, fault: Fault, columns: int) -> CustomerError:
    with source.path.open("rb") as file:
        found = file_formats.recognize(file.read(file_formats.HEAD_BYTES), columns)
    return CustomerError(f"{source.uri}: {f'it {found}' if found else fault.at(number)}")


def bad_row(source: Source, row: int, reason: str) -> CustomerError:
    """The error for one row of an object."""
    return CustomerError(f"{source.uri}, row {row}: {reason}")

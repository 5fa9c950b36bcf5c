"""Reads CSV without a header, label first, in batches; errors name the object, the row and the reason.

Accepts and rejects the same lines as refit.domain.csv_lines, with the same values: Arrow (large blocks) and numpy only
parse plain lines faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from refit.domain import file_formats
from refit.domain.csv_lines import Fault, is_blank, row
from refit.embedded_cloud.instance.algorithm import CustomerError, Source
from refit.embedded_cloud.linear_learner.tensors import Floats

BATCH_BYTES = 1 << 20
ARROW_BYTES = 1 << 18
"""The size from which a block is parsed with Arrow: importing it takes as long as parsing 10 MB without it."""
ARROW_COLUMNS = 512
"""Maximum number of columns for Arrow, which takes some time for each column of a block: wider blocks have few rows."""
MAX_LINE_BYTES = 1 << 24
"""Maximum length of a line, which is read into memory whole. MAX_FEATURES numbers need a hundredth of it."""
PLAIN = b"0123456789eE+-., \t"
"""The bytes of which numpy reads numbers exactly if refit.domain.csv_lines does."""


@dataclass(frozen=True)
class Batch:
    """Consecutive rows of one object, the label first. `numbers` are their line numbers, starting from 1."""

    source: Source
    numbers: Sequence[int]
    table: Floats

    @property
    def labels(self) -> Floats:
        """The label of each row."""
        return self.table[:, 0]

    @property
    def features(self) -> Floats:
        """The features, a row each."""
        return self.table[:, 1:]


def read(sources: Sequence[Source], feature_dim: int | None) -> Iterator[Batch]:
    """All rows of the objects, in order. Memory use does not depend on the number of rows.

    Without `feature_dim`, the first row of the first object sets it. Raises CustomerError.
    """
    columns = None if feature_dim is None else feature_dim + 1
    for source in sources:
        rows = 0
        for batch in _read_object(source, columns):
            columns = batch.table.shape[1]
            rows += len(batch.table)
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
    for block in _blocks(source.path):
        if len(block) - block.rfind(b"\n") - 1 > MAX_LINE_BYTES:
            number = before + block.count(b"\n") + 1
            raise _unreadable(source, number, Fault(f"is longer than {MAX_LINE_BYTES:,} bytes"), columns)
        if text := block.lstrip():
            columns = columns or text.partition(b"\n")[0].count(b",") + 1
            batch = _parse(source, block, before + 1, columns)
            yield batch
            if isinstance(batch.numbers, range):  # every line is a row
                before = batch.numbers[-1]
                continue
        before += block.count(b"\n")


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks of whole lines. Of a line longer than MAX_LINE_BYTES, a part is the last block."""
    with path.open("rb") as file:
        while block := file.read(BATCH_BYTES):
            yield block if block.endswith(b"\n") else block + file.readline(MAX_LINE_BYTES)


def _parse(source: Source, block: bytes, first: int, columns: int) -> Batch:
    """The rows of a block that has some. Its first line has the number `first`."""
    if len(block) >= ARROW_BYTES and columns <= ARROW_COLUMNS:
        # Imported here, because small data does not need it.
        from refit.embedded_cloud.linear_learner import arrow_csv

        if (table := arrow_csv.parse(block, columns)) is not None:
            return Batch(source, range(first, first + len(table)), table)
    lines = [(number, line) for number, line in enumerate(block.split(b"\n"), first) if not is_blank(line)]
    numbers = [number for number, _ in lines]
    if columns < 2:
        fault = Fault("has 1 column; a row is the label, then at least one feature")
        raise _unreadable(source, numbers[0], fault, columns)
    if (table := _parse_plain([line for _, line in lines], columns)) is not None:
        return Batch(source, numbers, table)
    rows = []
    for number, line in lines:
        cells = row(line, columns, first=number == 1)
        if isinstance(cells, Fault):
            raise _unreadable(source, number, cells, columns)
        rows.append(list(map(float, cells)))
    return Batch(source, numbers, np.array(rows))


def _parse_plain(lines: Sequence[bytes], columns: int) -> Floats | None:
    """The rows of lines of plain characters; None for others, and for lines that are not rows."""
    if b"".join(line.removesuffix(b"\r") for line in lines).translate(None, PLAIN):
        return None
    try:
        values = np.loadtxt(lines, delimiter=",", comments=None, ndmin=2, dtype=np.float64)
    except ValueError:
        return None
    return values if values.shape == (len(lines), columns) and np.isfinite(values).all() else None


def _unreadable(source: Source, number: int, fault: Fault, columns: int | None) -> CustomerError:
    with source.path.open("rb") as file:
        found = file_formats.recognize(file.read(file_formats.HEAD_BYTES), columns)
    return CustomerError(f"{source.uri}: {f'it {found}' if found else fault.at(number)}")


def bad_row(source: Source, row: int, reason: str) -> CustomerError:
    """The error for one row of an object."""
    return CustomerError(f"{source.uri}, row {row}: {reason}")

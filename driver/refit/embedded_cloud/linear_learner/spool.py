"""Keeps the parsed rows of a channel in a file, so that later passes over the data need not parse them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from refit.embedded_cloud.linear_learner.rows import Batch
from refit.embedded_cloud.linear_learner.tensors import Floats

BATCH_NUMBERS = 1 << 16
"""Smaller batches are written together, as one: a pass over few large batches is faster."""


class Spool:
    """Makes passes over the rows: the first one parses and writes them, the others read the file.

    Memory use does not depend on the number of rows. The batches of later passes have no line numbers: an invalid row
    is reported in the first one.
    """

    def __init__(self, rows: Callable[[], Iterable[Batch]], file: Path) -> None:
        self._rows = rows
        self._file = file
        self._last: Batch | None = None

    def __call__(self) -> Iterator[Batch]:
        """One pass. A pass that is not finished writes nothing that a later one reads."""
        return self._parse() if self._last is None else self._read(self._last)

    def _parse(self) -> Iterator[Batch]:
        last = None
        pending: list[Floats] = []
        with self._file.open("wb") as file:
            for batch in self._rows():
                last = batch
                pending.append(batch.table)
                if sum(table.size for table in pending) >= BATCH_NUMBERS:
                    _write(file, pending)
                    pending = []
                yield batch
            if pending:
                _write(file, pending)
        self._last = last

    def _read(self, last: Batch) -> Iterator[Batch]:
        columns = last.table.shape[1]
        with self._file.open("rb") as file:
            while len(count := np.fromfile(file, np.int64, 1)):
                numbers = np.fromfile(file, np.float64, int(count[0]) * columns)
                yield Batch(last.source, (), numbers.reshape(columns, -1).T)


def _write(file: BinaryIO, tables: Sequence[Floats]) -> None:
    """Writes rows as one batch: their number, then the columns, as Arrow returns them."""
    table = tables[0] if len(tables) == 1 else np.concatenate(tables)
    file.write(np.int64(len(table)).tobytes())
    file.write(np.ascontiguousarray(table.T).data)

"""Keeps the parsed rows of a channel in a file, so that later passes over the data need not parse them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from refit.embedded_cloud.linear_learner.rows import Batch

BATCH_NUMBERS = 1 << 16


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
        with self._file.open("wb") as file:
            for batch in self._rows():
                last = batch
                file.write(np.ascontiguousarray(batch.table).data)
                yield batch
        self._last = last

    def _read(self, last: Batch) -> Iterator[Batch]:
        columns = last.table.shape[1]
        numbers = max(1, BATCH_NUMBERS // columns) * columns
        with self._file.open("rb") as file:
            while len(table := np.fromfile(file, np.float64, numbers)):
                yield Batch(last.source, (), table.reshape(-1, columns))

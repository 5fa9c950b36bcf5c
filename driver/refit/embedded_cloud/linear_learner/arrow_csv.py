"""Parses a block of plain CSV with Apache Arrow. Returns the numbers that refit.domain.csv_lines reads, or nothing.

Whatever is odd is left to the exact reader, which names the row, the column and the reason. Arrow rounds correctly, as
Python's float() does: the values are the same, bit for bit.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
from pyarrow import csv

from refit.domain.file_formats import BOM
from refit.embedded_cloud.linear_learner.tensors import Floats


def parse(block: bytes, columns: int) -> Floats | None:
    """The rows of a block of whole lines; None if a line is blank, or is not a row of `columns` numbers."""
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    # Arrow would skip a byte order mark, and end a line at a CR. It reads nan and inf, too; see below.
    if block.startswith(BOM) or b"\r" in block:
        return None
    # One chunk, on this thread: an instance must not use all cores of this machine.
    reading = csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=_names(columns))
    try:
        read = csv.read_csv(pa.py_buffer(block), reading, _PARSING, _conversion(columns))
    except pa.ArrowInvalid:
        return None
    table = np.empty((columns, len(read))).T
    for at, column in enumerate(read.combine_chunks().to_batches()[0].columns):
        table[:, at] = np.from_dlpack(column)
    return table if np.isfinite(table).all() else None


_PARSING = csv.ParseOptions(quote_char=False, double_quote=False, ignore_empty_lines=False)


def _names(columns: int) -> list[str]:
    return list(map(str, range(columns)))


@lru_cache(maxsize=4)
def _conversion(columns: int) -> csv.ConvertOptions:
    return csv.ConvertOptions(
        column_types=dict.fromkeys(_names(columns), pa.float64()), null_values=[], check_utf8=False
    )

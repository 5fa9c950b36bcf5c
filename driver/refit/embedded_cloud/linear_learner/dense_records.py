"""Reads runs of RecordIO-protobuf records of one layout at once, with the numbers that recordio.parse reads from each.

A program writes the dense records of a data set with the same bytes except for the numbers. Whatever differs, and
whatever is wrong, is left to recordio.parse, which says what it is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from refit.embedded_cloud.linear_learner import recordio
from refit.embedded_cloud.linear_learner.recordio import MAGIC, Record
from refit.embedded_cloud.linear_learner.tensors import Floats

VALUES = "values"
"""The name of the tensor with the features, and of the one with the label."""
_HEADER_BYTES = 8
_TYPES = ("<f4", "<f8")


@dataclass(frozen=True)
class Layout:
    """Where the features and the label are in a frame, with their types; all other bytes are those of `frame`."""

    frame: bytes
    features: tuple[int, int, np.dtype[Any]]
    label: tuple[int, int, np.dtype[Any]]

    def read(self, file: BinaryIO, most: int) -> Floats | None:
        """The next rows of the file, label first, at most `most`; None if the next record has another layout, or none.

        Leaves the file at the first record that it did not read.
        """
        size = len(self.frame)
        start = file.tell()
        if file.read(_HEADER_BYTES) != self.frame[:_HEADER_BYTES]:
            file.seek(start)
            return None
        file.seek(start)
        data = file.read(size * most)
        frames = np.frombuffer(data, np.uint8, len(data) // size * size).reshape(-1, size)
        fixed = np.ones(size, bool)
        for begin, end, _ in (self.features, self.label):
            fixed[begin:end] = False
        same = (frames[:, fixed] == np.frombuffer(self.frame, np.uint8)[fixed]).all(axis=1)
        rows = np.column_stack([self._numbers(frames, self.label), self._numbers(frames, self.features)])
        same &= np.isfinite(rows).all(axis=1)
        count = len(rows) if same.all() else int(same.argmin())
        file.seek(start + count * size)
        return rows[:count] if count else None

    def _numbers(self, frames: np.ndarray[Any, np.dtype[np.uint8]], at: tuple[int, int, np.dtype[Any]]) -> Floats:
        begin, end, kind = at
        numbers: Floats = np.ascontiguousarray(frames[:, begin:end]).view(kind).astype(np.float64)
        return numbers


def following(message: bytes, file: BinaryIO, batch_bytes: int) -> Iterator[Floats]:
    """The rows after a record that has just been read from the file, as long as they have its layout, in batches."""
    known = layout(message)
    while known and (rows := known.read(file, max(1, batch_bytes // len(known.frame)))) is not None:
        yield rows


def layout(message: bytes) -> Layout | None:
    """The layout of a record in one part; None if it is not a dense one of float32 or float64 numbers."""
    frame = MAGIC + struct.pack("<I", len(message)) + message + bytes(-len(message) % 4)
    record = recordio.parse(message)
    features, label = _find(message, record, is_label=False), _find(message, record, is_label=True)
    return Layout(frame, features, label) if features and label else None


def _find(message: bytes, record: Record, *, is_label: bool) -> tuple[int, int, np.dtype[Any]] | None:
    """The place of the numbers in the frame: where other bytes give other numbers, and change nothing else."""
    found = (record.label if is_label else record.features)[VALUES]
    other = np.arange(1.0, len(found.values) + 1)
    other[other == found.values] += 0.5
    for kind in map(np.dtype, _TYPES):
        with np.errstate(over="ignore"):
            old, new = found.values.astype(kind).tobytes(), other.astype(kind).tobytes()
        at = message.find(old)
        while old and at >= 0:
            try:
                changed = recordio.parse(message[:at] + new + message[at + len(new) :])
            except ValueError:
                changed = Record()
            if _same(changed, record, other, is_label=is_label):
                return at + _HEADER_BYTES, at + len(new) + _HEADER_BYTES, kind
            at = message.find(old, at + 1)
    return None


def _same(changed: Record, record: Record, other: Floats, *, is_label: bool) -> bool:
    """Whether the numbers of `changed` are `other`, and everything else is as in `record`: both have VALUES alone."""
    for now, before, is_mine in (
        (changed.features, record.features, not is_label),
        (changed.label, record.label, is_label),
    ):
        if now.keys() != {VALUES} or before.keys() != {VALUES}:
            return False
        tensor, expected = now[VALUES], other if is_mine else before[VALUES].values
        if tensor.keys is not None or tensor.shape != before[VALUES].shape:
            return False
        if not np.array_equal(tensor.values, expected):
            return False
    return True

"""Reads and writes RecordIO-protobuf, the format application/x-recordio-protobuf of Amazon's algorithms.

The frames are MXNet's RecordIO (https://mxnet.apache.org/versions/1.9.1/api/architecture/note_data_loading), the
records are protobuf messages: https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html. Raises ValueError for
bytes that are not of the format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np

from refit.embedded_cloud.linear_learner import protobuf
from refit.embedded_cloud.linear_learner.tensors import Tensor

MEDIA_TYPE = "application/x-recordio-protobuf"
MAGIC = struct.pack("<I", 0xCED7230A)
MAX_BYTES = 1 << 22
"""Maximum size of a record, which is read into memory whole. MAX_FEATURES numbers need a hundredth of it."""
_LENGTH = (1 << 29) - 1
_WHOLE, _FIRST, _MIDDLE, _LAST = range(4)

# Numbers of fields: of Record, of a map's entry, of Value, and of its tensors.
_FEATURES, _LABEL = 1, 2
_KEY, _VALUE = 1, 2
_TENSORS: Mapping[int, np.dtype[Any] | None] = {2: np.dtype("<f4"), 3: np.dtype("<f8"), 7: None}
"""The tensors of a Value with the type of their numbers: float32_tensor, float64_tensor, int32_tensor (varints)."""
_VALUES, _KEYS, _SHAPE = 1, 2, 3


Tensors = Mapping[str, Tensor]


@dataclass(frozen=True)
class Record:
    """One row: tensors by name, for example `values`."""

    features: Tensors = field(default_factory=dict)
    label: Tensors = field(default_factory=dict)


def read(file: BinaryIO) -> Iterator[Record]:
    """The records of a file, one at a time."""
    return map(parse, frames(file))


def frames(file: BinaryIO) -> Iterator[bytes]:
    """The contents of the frames; those of a record in several parts are joined by the magic that separated them."""
    parts: list[bytes] = []
    size = 0
    while header := file.read(8):
        if len(header) < 8 or header[:4] != MAGIC:
            raise ValueError(f"is not {MEDIA_TYPE}: a record starts with the bytes {MAGIC.hex()} and its length")
        word = struct.unpack("<I", header[4:])[0]
        kind, length = word >> 29, word & _LENGTH
        size += length
        if size > MAX_BYTES:
            raise ValueError(f"is longer than {MAX_BYTES:,} bytes")
        content = file.read(length)
        if len(content) < length or len(file.read(-length % 4)) < -length % 4:
            raise ValueError("is cut short")
        if kind not in (_WHOLE, _FIRST, _MIDDLE, _LAST) or (kind in (_WHOLE, _FIRST)) == bool(parts):
            raise ValueError("has parts that are not in order")
        parts.append(content)
        if kind in (_WHOLE, _LAST):
            yield MAGIC.join(parts)
            parts, size = [], 0
    if parts:
        raise ValueError("is cut short")


def parse(message: bytes) -> Record:
    """One protobuf message."""
    tensors: dict[int, dict[str, Tensor]] = {_FEATURES: {}, _LABEL: {}}
    for number, kind, content in protobuf.fields(message):
        if number in tensors and kind == protobuf.DELIMITED:
            name, tensor = _entry(content)
            tensors[number][name] = tensor
    return Record(tensors[_FEATURES], tensors[_LABEL])


def write(record: Record) -> bytes:
    """One frame with the record. Numbers are written as float32, as Amazon's algorithms do."""
    message = b"".join(
        protobuf.write(number, protobuf.write(_KEY, name.encode()) + protobuf.write(_VALUE, _write_value(tensor)))
        for number, tensors in ((_FEATURES, record.features), (_LABEL, record.label))
        for name, tensor in tensors.items()
    )
    return MAGIC + struct.pack("<I", len(message)) + message + bytes(-len(message) % 4)


def _entry(content: bytes) -> tuple[str, Tensor]:
    name, value = "", b""
    for number, _, part in protobuf.fields(content):
        if number == _KEY:
            name = part.decode()
        elif number == _VALUE:
            value = part
    for number, _, part in protobuf.fields(value):
        if number in _TENSORS:
            return name, _tensor(part, _TENSORS[number])
    raise ValueError(f"{name!r} has no tensor of numbers")


def _tensor(content: bytes, kind: np.dtype[Any] | None) -> Tensor:
    """Values, keys and shape. Parsers must also accept repeated fields that are not packed: their bytes are joined."""
    parts: dict[int, bytes] = {_VALUES: b"", _KEYS: b"", _SHAPE: b""}
    for number, _, part in protobuf.fields(content):
        if number in parts:
            parts[number] += part
    if kind is None:
        # A negative int32 is written as a varint of 64 bits.
        values = np.array(list(protobuf.varints(parts[_VALUES])), dtype=np.uint64).astype(np.int64).astype(np.float64)
    else:
        values = np.frombuffer(parts[_VALUES], dtype=kind).astype(np.float64)
    keys, shape = (tuple(protobuf.varints(parts[number])) for number in (_KEYS, _SHAPE))
    # An empty list is not written: a shape without values is a sparse row of zeros.
    is_sparse = bool(keys) or (bool(shape) and not len(values))
    return Tensor(values, keys if is_sparse else None, shape)


def _write_value(tensor: Tensor) -> bytes:
    with np.errstate(over="ignore"):  # a number too large for float32 is written as infinity
        content = protobuf.write(_VALUES, tensor.values.astype("<f4").tobytes())
    if tensor.keys is not None:
        content += protobuf.write(_KEYS, protobuf.write_varints(tensor.keys))
    if tensor.shape:
        content += protobuf.write(_SHAPE, protobuf.write_varints(tensor.shape))
    return protobuf.write(2, content)

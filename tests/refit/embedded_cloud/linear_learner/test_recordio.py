"""RecordIO-protobuf: bytes made by hand, round trips, and damaged bytes."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from refit.embedded_cloud.linear_learner import protobuf, recordio
from refit.embedded_cloud.linear_learner.recordio import MAGIC, Record
from refit.embedded_cloud.linear_learner.tensors import Tensor

# features: {"values": float32_tensor [1.5, -2]}, label: {"values": float32_tensor [3]}; each byte by hand.
MESSAGE = (
    b"\x0a\x16" + b"\x0a\x06values" + b"\x12\x0c" + b"\x12\x0a" + b"\x0a\x08" + struct.pack("<2f", 1.5, -2.0)
    + b"\x12\x12" + b"\x0a\x06values" + b"\x12\x08" + b"\x12\x06" + b"\x0a\x04" + struct.pack("<f", 3.0)
)  # fmt: skip


def frame(content: bytes, kind: int = 0) -> bytes:
    return MAGIC + struct.pack("<I", kind << 29 | len(content)) + content + bytes(-len(content) % 4)


def records(data: bytes) -> list[Record]:
    return list(recordio.read(io.BytesIO(data)))


def value(number: int, content: bytes) -> bytes:
    """A message whose feature `values` is the tensor with this number in Value."""
    entry = protobuf.write(1, b"values") + protobuf.write(2, protobuf.write(number, content))
    return protobuf.write(1, entry)


def test_bytes_made_by_hand_are_a_record_and_a_record_is_these_bytes() -> None:
    (record,) = records(frame(MESSAGE))
    assert record.features["values"].values.tolist() == [1.5, -2.0]
    assert record.features["values"].keys is None
    assert record.label["values"].values.tolist() == [3.0]
    assert recordio.write(record) == frame(MESSAGE)
    assert frame(MESSAGE)[:8] == b"\x0a\x23\xd7\xce\x2c\x00\x00\x00"


@pytest.mark.parametrize(
    ("number", "content"),
    [
        (2, protobuf.write(1, struct.pack("<2f", -7, 8))),
        (3, protobuf.write(1, struct.pack("<2d", -7, 8))),
        (7, protobuf.write(1, protobuf.write_varints([2**64 - 7, 8]))),
        (2, b"\x0d" + struct.pack("<f", -7) + b"\x0d" + struct.pack("<f", 8)),
        (7, b"\x08" + protobuf.write_varints([2**64 - 7]) + b"\x08\x08"),
    ],
    ids=["float32", "float64", "int32", "float32 not packed", "int32 not packed"],
)
def test_tensors_of_every_type_are_read_packed_or_not(number: int, content: bytes) -> None:
    (record,) = records(frame(value(number, content)))
    assert record.features["values"].values.tolist() == [-7.0, 8.0]


def test_unknown_fields_are_skipped() -> None:
    extra = protobuf.write(5, b"configuration") + b"\x30\x96\x01" + b"\x39" + bytes(8) + b"\x45" + bytes(4)
    (record,) = records(frame(extra + MESSAGE))
    assert record.label["values"].values.tolist() == [3.0]


def test_the_parts_of_a_record_are_joined_by_the_magic_between_them() -> None:
    content = b"abcd" + MAGIC + b"efg" + MAGIC + b"h"
    data = frame(b"abcd", 1) + frame(b"efg", 2) + frame(b"h", 3) + frame(b"whole")
    assert list(recordio.frames(io.BytesIO(data))) == [content, b"whole"]


@settings(deadline=None)
@given(
    arrays.arrays(np.float32, st.integers(1, 40), elements=st.floats(width=32, allow_nan=False)),
    st.one_of(st.none(), st.lists(st.integers(0, 2**63), max_size=40)),
    st.lists(st.integers(0, 2**63), max_size=3),
    st.text(max_size=20),
)
def test_what_is_written_is_read_again(values: np.ndarray, keys: list[int] | None, shape: list[int], name: str) -> None:
    tensor = Tensor(values.astype(np.float64), tuple(keys) if keys else None, tuple(shape))
    written = Record({name: tensor}, {"values": Tensor(np.array([1.0]))})
    first, second = records(recordio.write(written) * 2)
    for read in (first, second):
        assert list(read.features) == [name]
        assert read.features[name].values.tolist() == values.tolist()
        assert (read.features[name].keys, read.features[name].shape) == (tensor.keys, tensor.shape)
        assert read.label["values"].values.tolist() == [1.0]


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1)))
def test_integers_of_64_bits_survive(values: list[int]) -> None:
    assert list(protobuf.varints(protobuf.write_varints(values))) == values


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_records_or_a_value_error(data: bytes) -> None:
    for attempt in (data, frame(data), frame(value(2, data))):
        try:
            read = records(attempt)
        except ValueError as error:
            assert str(error)  # noqa: PT017 - either outcome is right
        else:
            assert all(isinstance(record, Record) for record in read)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"1,2\n3,4\n", "is not application/x-recordio-protobuf: a record starts with the bytes 0a23d7ce"),
        (frame(MESSAGE)[:-1], "is cut short"),
        (frame(MESSAGE)[:5], "is not application/x-recordio-protobuf"),
        (frame(b"a", 1), "is cut short"),
        (frame(b"a", 3), "has parts that are not in order"),
        (frame(b"a", 1) + frame(b"b", 0), "has parts that are not in order"),
        (frame(b"a", 5), "has parts that are not in order"),
        (frame(value(9, b"bytes")), "'values' has no tensor of numbers"),
        (frame(value(2, protobuf.write(1, b"abc"))), "buffer size must be a multiple of element size"),
        (frame(b"\x0a\xff"), "the message is cut short"),
        (frame(b"\x0b"), "a field has the wire type 3"),
        (frame(b"\x02\x00"), "a field has the number 0"),
        (frame(b"\xff" * 11), "an integer has more than ten bytes"),
    ],
)
def test_damaged_bytes_are_reported(data: bytes, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        records(data)

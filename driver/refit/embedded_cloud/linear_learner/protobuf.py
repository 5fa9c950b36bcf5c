"""Reads and writes the wire format of Protocol Buffers: https://protobuf.dev/programming-guides/encoding/

Only what records of Amazon's algorithms need. Every function raises ValueError for bytes that are not of the format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

VARINT, FIXED64, DELIMITED, FIXED32 = 0, 1, 2, 5
_SIZES = {FIXED64: 8, FIXED32: 4}
_LONGEST_VARINT = 10

Field = tuple[int, int, bytes]
"""A field's number, its wire type, and its bytes; those of a varint are as encoded."""


def fields(message: bytes) -> Iterator[Field]:
    """The fields of a message, in order."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if number == 0:
            raise ValueError("a field has the number 0")
        if kind == VARINT:
            end = _varint(message, at)[1]
        elif kind == DELIMITED:
            length, at = _varint(message, at)
            end = at + length
        elif kind in _SIZES:
            end = at + _SIZES[kind]
        else:
            raise ValueError(f"a field has the wire type {kind}")
        if end > len(message):
            raise ValueError("the message is cut short")
        yield number, kind, message[at:end]
        at = end


def varints(packed: bytes) -> Iterator[int]:
    """The unsigned integers of a packed field."""
    at = 0
    while at < len(packed):
        value, at = _varint(packed, at)
        yield value


def write(number: int, content: bytes) -> bytes:
    """A field with length-delimited content."""
    return _write_varint(number << 3 | DELIMITED) + _write_varint(len(content)) + content


def write_varints(values: Iterable[int]) -> bytes:
    """The content of a packed field of unsigned integers."""
    return b"".join(map(_write_varint, values))


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The integer at `at`, and the position after it."""
    value = 0
    for length in range(_LONGEST_VARINT):
        if at + length >= len(data):
            raise ValueError("the message is cut short")
        byte = data[at + length]
        value |= (byte & 0x7F) << (7 * length)
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at + length + 1
    raise ValueError("an integer has more than ten bytes")


def _write_varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])

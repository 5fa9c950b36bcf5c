"""Records of one layout are read at once, with the rows, numbers and errors of reading them one by one."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refit.embedded_cloud.instance.algorithm import CustomerError, Source
from refit.embedded_cloud.linear_learner import dense_records, protobuf, records
from refit.embedded_cloud.linear_learner.recordio import MAGIC

FLOATS = st.sampled_from([0.0, -0.0, 1.0, 2.0, 1.5, -7.25, 1e300, np.nan, np.inf])


def tensor(values: list[float], kind: str, extra: bytes = b"") -> bytes:
    """A Value: a float32 tensor (number 2) or a float64 tensor (number 3)."""
    with np.errstate(over="ignore"):
        content = np.array(values).astype(kind).tobytes()
    return protobuf.write({"<f4": 2, "<f8": 3}[kind], protobuf.write(1, content) + extra)


def entry(number: int, value: bytes, name: bytes = b"values") -> bytes:
    return protobuf.write(number, protobuf.write(1, name) + protobuf.write(2, value))


def frame(message: bytes, kind: int = 0) -> bytes:
    return MAGIC + struct.pack("<I", kind << 29 | len(message)) + message + bytes(-len(message) % 4)


def dense(label: float, row: list[float], kind: str = "<f4", label_kind: str = "<f4") -> bytes:
    return frame(entry(1, tensor(row, kind)) + entry(2, tensor([label], label_kind)))


def label_first(label: float, row: list[float]) -> bytes:
    return frame(entry(2, tensor([label], "<f4")) + entry(1, tensor(row, "<f8")))


def with_shape(label: float, row: list[float]) -> bytes:
    shape = protobuf.write(3, protobuf.write_varints([len(row)]))
    return frame(entry(1, tensor(row, "<f4", shape)) + entry(2, tensor([label], "<f4")))


def sparse(label: float, row: list[float]) -> bytes:
    places = protobuf.write(2, protobuf.write_varints(range(len(row)))) + protobuf.write(3, b"\x05")
    return frame(entry(1, tensor(row, "<f4", places)) + entry(2, tensor([label], "<f4")))


def with_more(label: float, row: list[float]) -> bytes:
    more = entry(1, tensor([3.0], "<f4"), b"other") + protobuf.write(5, b"id")
    return frame(entry(1, tensor(row, "<f4")) + more + entry(2, tensor([label], "<f4")))


WRITERS = (
    *(dense, lambda label, row: dense(label, row, "<f8", "<f8"), lambda label, row: dense(label, row, "<f8")),
    *(label_first, with_shape, sparse, with_more),
)
RUN = st.tuples(
    st.sampled_from(WRITERS), st.integers(2, 3), st.lists(st.lists(FLOATS, min_size=4, max_size=4), max_size=8)
).map(lambda run: b"".join(run[0](row[0], row[1 : 1 + run[1]]) for row in run[2]))
DAMAGE = st.sampled_from([b"", b"", b"", MAGIC, b"\x00", MAGIC + bytes(4), frame(b"\x0a\x01"), frame(b"", 1)])


def read(path: Path) -> tuple[list[bytes], list[int]] | str:
    try:
        batches = list(records.read([Source("s3://bucket/a", path)], None))
    except CustomerError as error:
        return str(error)
    rows = [row.tobytes() for batch in batches for row in batch.table]
    return rows, [number for batch in batches for number in batch.numbers]


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(RUN, max_size=4), DAMAGE, st.integers(0, 9), st.sampled_from([1, 100, 1 << 20]))
def test_the_rows_and_the_errors_are_those_of_reading_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: list[bytes], damage: bytes, cut: int, batch_bytes: int
) -> None:
    (path := tmp_path / "a").write_bytes(b"".join(runs)[: -cut or None] + damage)
    with monkeypatch.context() as patched:
        patched.setattr(records, "BATCH_BYTES", batch_bytes)
        at_once = read(path)
        patched.setattr(dense_records, "layout", lambda message: None)
        assert at_once == read(path)


@pytest.mark.parametrize("writer", WRITERS[:5], ids=["float32", "float64", "both", "label first", "with a shape"])
def test_dense_records_are_read_at_once(writer: object) -> None:
    frames = [writer(float(n), [n + 1.0, 5.0]) for n in range(10)]  # type: ignore[operator]
    message = frames[0][8 : 8 + struct.unpack("<I", frames[0][4:8])[0]]
    rows = list(dense_records.following(message, io.BytesIO(b"".join(frames[1:])), 1 << 20))
    assert [table.tolist() for table in rows] == [[[n, n + 1, 5] for n in range(1, 10)]]


@pytest.mark.parametrize("writer", WRITERS[5:], ids=["sparse", "with another tensor"])
def test_other_records_are_read_one_by_one(writer: object) -> None:
    found = writer(1.0, [2.0, 3.0])  # type: ignore[operator]
    assert dense_records.layout(found[8 : 8 + struct.unpack("<I", found[4:8])[0]]) is None

"""Upload, predict, the live check, training and the gate have one opinion of every row: they share refit.domain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lambdas.evaluation.holdout_rows import ByteRange, draw, whole_lines
from refit.data import csv_rows, sampling
from refit.data.feature_rows import read_rows
from refit.domain import csv_lines
from refit.domain.csv_lines import Fault
from refit.embedded_cloud.instance.algorithm import CustomerError, Source
from refit.embedded_cloud.linear_learner import rows
from refit.errors import RefitError

URI = "s3://bucket/day.csv"


def trained(path: Path, feature_dim: int) -> list[list[float]] | str:
    """The rows that training reads, or its refusal."""
    try:
        batches = list(rows.read([Source(URI, path)], feature_dim))
    except CustomerError as error:
        return str(error).removeprefix(f"{URI}: ")
    return np.vstack([np.column_stack([batch.labels, batch.features]) for batch in batches]).tolist()


def uploaded(path: Path, feature_dim: int) -> list[list[float]] | str:
    """The rows that upload writes, or its refusal."""
    try:
        return [[*map(float, row.cells)] for row in csv_rows.read(path, feature_dim)]
    except RefitError as error:
        return str(error).removeprefix(f"{path}:")


def gated(body: bytes, feature_dim: int) -> list[list[float]] | str:
    """The rows that the gate measures, or why it cannot."""
    lines = whole_lines(body, ByteRange("key", 0, len(body), len(body)))
    found, unreadable = draw(lines, len(lines) + 1, feature_dim)
    return [[row.label, *map(float, row.features.split(","))] for row in found] if found and not unreadable else "no"


@pytest.mark.parametrize(
    ("case", "body", "said"),
    [
        ("csv-semicolons", b"24.5;0.006;18\n21.6;0.027;0\n", "separates its columns with semicolons"),
        ("decimal commas", b"24,5;0,006;18,0\n", "separates its columns with semicolons; write commas, and points"),
        ("tabs", b"24.5\t0.006\t18\n", "separates its columns with tabs"),
        ("csv-whitespace", b"24.5   0.006   18\n21.6   0.027   0\n", "separates its columns with blanks"),
        ("csv-json-lines", b'{"label": 24.5, "x": [0.006, 18]}\n', "is JSON lines"),
        ("json", b"[[24.5, 0.006, 18]]\n", "is JSON"),
        ("libsvm", b"24.5 1:0.006 2:18\n", "is in LIBSVM format"),
        ("utf-16", "24.5,0.006,18\n".encode("utf-16"), "is encoded in UTF-16"),
        ("utf-16 without a mark", "24.5,0.006,18\n".encode("utf-16-le"), "is encoded in UTF-16"),
        ("zip", b"PK\x03\x04\x14\x00,1,2\n", "is a ZIP archive or an Excel workbook"),
        ("gzip", b"\x1f\x8b\x08\x00,1\n", "is compressed with gzip; decompress it"),
        (
            "csv-cr-only",
            b"24.5,0.006,18\r21.6,0.027,0\r34.7,0.031,2\r",
            "ends its lines with a carriage return (CR) alone",
        ),
        ("csv-comment-first", b"# exported by the night job\n24.5,0.006,18\n", "starts with a comment (# exported"),
        ("excel's separator", b"sep=,\n24.5,0.006,18\n", "starts with the line sep=,, which only Excel reads"),
        ("git lfs", b"version https://git-lfs.github.com/spec/v1\nsize 12\n", "is a Git LFS pointer"),
        (
            "csv-fullwidth-digits",
            "２４,0.006,18\n21.6,0.027,0\n".encode(),
            "column 1 has digits or signs that are not ASCII",
        ),
        ("csv-nbsp", "24\u00a0,0.006,18\n".encode(), "column 1 contains a no-break space or an invisible character"),
        ("a zero-width space", "\u200b24,0.006,18\n".encode(), "column 1 contains a no-break space or an invisible"),
        ("a minus sign", "24,\u22120.006,18\n".encode(), "column 2 has digits or signs that are not ASCII"),
        ("latin-1", b"24,0.006,18\xa0\n", "is not text in UTF-8"),
        ("a date", b"2026-11-01,0.006,18\n", "column 1 is a date"),
        ("header", b"price,rooms,age\n24.5,0.006,18\n", "header"),
        ("a lone cr", b"24,0.006,18\n24,0.006\r,18\n", "contains a carriage return (CR) without a line feed"),
        ("too many columns", b"24,0.006,18,1\n", "has 4 columns, expected 3: the label, then 2 features"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 24 else "",
)
def test_every_reader_rejects_it_and_says_what_it_is(tmp_path: Path, case: str, body: bytes, said: str) -> None:
    (path := tmp_path / "day.csv").write_bytes(body)
    assert said in trained(path, 2)
    assert said in uploaded(path, 2)
    assert said in (sampling.fault(body, 2, whole=True) or "accepted")
    assert gated(body, 2) == "no"
    with pytest.raises(RefitError):
        read_rows([], path, None, 3)
    assert len(str(uploaded(path, 2)).splitlines()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"  \n24.5,0.006,18\n21.6,0.027,0\n\x0c\n",  # case csv-blank-with-spaces
        b"24.5, 0.006 ,18\r\n\r\n21.6,\t2.7e-2,+0.",
        b"24.5,0.006,18\r\r\n21.6,.027,-0\r\r\n",
    ],
    ids=["blank lines", "Windows", "twice Windows"],
)
def test_every_reader_accepts_it(tmp_path: Path, body: bytes) -> None:
    (path := tmp_path / "day.csv").write_bytes(body)
    expected = [[24.5, 0.006, 18.0], [21.6, 0.027, 0.0]]
    assert trained(path, 2) == uploaded(path, 2) == gated(body, 2) == expected
    assert sampling.fault(body, 2, whole=True) is None
    assert [[*map(float, row.split(","))] for row in read_rows([], path, None, 3)] == expected


CELLS = [
    "1",
    "-2.5",
    "+.5",
    "3.",
    "1e5",
    "1E-3",
    "1e999",
    "1e",
    "--1",
    "+ 1",
    "1 2",
    "",
    "nan",
    "inf",
    "1_0",
    "0x1",
    "x",
]
ODD = [
    "２",
    "1\u00a0",
    "1\x85",
    "\u20281",
    "1\x1c",
    "-0",
    "9" * 400,
    "." + "9" * 40,
    "infinity",
    "1d5",
    "1,",
    "1j",
    "(1)",
]
gaps, ends = st.sampled_from(["", " ", "\t", "\x0b"]), st.sampled_from(["\n", "\r\n", "\n\n", "\r\r\n"])
cell = st.sampled_from(CELLS + ODD) | st.floats().map(repr) | st.text("0123456789eE+-. \t\r\x0b\xa0", max_size=6)
line = st.lists(st.tuples(st.sampled_from(["", " ", "\t", "\x0b"]), cell).map("".join), min_size=1, max_size=3).map(
    ",".join
)
text = st.lists(st.tuples(line | st.just("1,2"), ends).map("".join), max_size=4)
body = text.map("".join).map(str.encode) | st.binary(max_size=30) | st.text("12,. \n\r", max_size=20).map(str.encode)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body.filter(lambda found: b'"' not in found and not found.startswith(b"\xef\xbb\xbf")))
@example(b"1\xa0,2\n")
@example(b" \r \n1,2\n")
@example(b"1,2\r")
def test_all_readers_accept_and_reject_the_same(tmp_path: Path, body: bytes) -> None:
    lines = [line for line in body.split(b"\n") if not csv_lines.is_blank(line)]
    read = [csv_lines.row(line, 2) for line in lines]
    expected = [[*map(float, cells)] for cells in read if not isinstance(cells, Fault)]
    accepted = bool(expected) and len(expected) == len(read)
    (path := tmp_path / "day.csv").write_bytes(body)
    for found in (trained(path, 1), uploaded(path, 1), gated(body, 1)):
        assert found == expected if accepted else isinstance(found, str)
    assert (sampling.fault(body, 1, whole=True) is None) is accepted

"""Samples of data objects: the problems in their rows, and how much of each object is read."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from refit.aws.session import Aws
from refit.data import sampling
from refit.data.coverage import State, survey
from refit.domain.data_bucket import DataBucket
from refit.domain.data_formats import FORMATS
from refit.domain.days import DataObject
from refit.domain.window import Window
from tests.support.price_data import BUCKET, PREFIX, day, fill, pipeline, requests


@pytest.mark.parametrize(
    "text",
    [
        b"1,2,3\n4,5,6\n",
        b"1,2,3\r\n\r\n4,5,6",
        b" 1 , -2e3 ,+.5\n\n",
    ],
)
def test_rows_of_the_right_width_and_numbers_are_no_fault(text: bytes) -> None:
    assert sampling.fault(text, 2, whole=True) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"price,rooms,age\n1,2,3\n", "row 1 is a header: 'price, rooms, age'"),
        (b"1,2,3\n1,2\n", "row 2 has 2 columns, expected 3"),
        (b"1,2,3,4\n", "row 1 has 4 columns, expected 3"),
        (b"1,2,3\n\n1,two,3\n", "row 3, column 2 is text: 'two'"),
        (b"1,nan,3\n", "column 2 is not a finite number: 'nan'"),
        (b"1,,3\n", "column 2 is empty"),
        (b"1_0,2,3\n", "column 1 has a decimal comma or a thousands separator: '1_0'"),
        (b"\xef\xbb\xbf1,2,3\n", "byte order mark"),
        (b"\x1f\x8b\x08\x00compressed", "it is compressed with gzip; decompress it"),
        (b"PAR1\x15\x04", "it is a Parquet file; export it as CSV"),
        (b"\n \n", "it has no rows"),
        (b"1,2," + b"9" * 500 + b"x", "column 3 is text: '" + "9" * 40 + "…'"),
    ],
)
def test_a_fault_names_the_row_and_the_reason(text: bytes, said: str) -> None:
    assert said in (sampling.fault(text, 2, whole=True) or "")


def test_what_the_end_of_a_sample_cuts_off_is_not_judged() -> None:
    rows = b"1.25,2.25,3.25\n" * 3
    for end in range(1, len(rows)):
        assert sampling.fault(rows[:end], 2, whole=False) is None
    assert (
        sampling.fault(b"1,2,3\n1,2,3,4,", 2, whole=False)
        == "row 2 has 4 columns, expected 3: the label, then 2 features"
    )
    assert "'two'" in (sampling.fault(b"1,2,3\n1,two,", 2, whole=False) or "")


@hypothesis(deadline=None)
@given(st.binary(max_size=200), st.integers(1, 5), st.booleans())
def test_no_bytes_break_the_check(sample: bytes, feature_dim: int, whole: bool) -> None:
    assert sampling.fault(sample, feature_dim, whole=whole) != ""


def of_linear_learner(features: int) -> sampling.Judge:
    return lambda sample, whole: sampling.fault(sample, features, whole=whole)


@pytest.fixture(scope="module")
def aws(aws: Aws) -> Aws:
    """With a bucket full of data, and the parameters of a stack."""
    return fill(aws)


def test_samples_are_bounded_and_name_what_is_wrong(aws: Aws) -> None:
    made = requests(aws, "GetObject")
    chosen = pipeline(window={"start": "2026-11-18", "end": "2026-11-20"})
    found = survey(aws, DataBucket(BUCKET), chosen, Window(day(18), day(21)), sample=True)
    assert [one.state for one in found.days] == [State.PRESENT, State.MISSING, State.MALFORMED]
    fault = f"s3://{BUCKET}/{PREFIX}2026-11-20/part-0.csv: row 1 has 2 columns, expected 3: the label, then 2 features"
    assert found.days[-1].faults == (fault,)
    assert len(made) == 1 + sampling.PER_DAY
    assert {params["Range"] for params in made} == {f"bytes=0-{sampling.BYTES - 1}"}


def test_without_a_sample_no_object_is_read(aws: Aws) -> None:
    made = requests(aws, "GetObject")
    survey(aws, DataBucket(BUCKET), pipeline(), Window(day(18), day(21)))
    assert made == []


def test_a_large_object_is_read_in_part(aws: Aws) -> None:
    row = b"1.5,2.5,3.5\n"
    key = f"{PREFIX}2026-10-01.csv"
    aws.s3.put_object(Bucket=BUCKET, Key=key, Body=row * 10_000 + b"broken\n")
    chosen = DataObject(key, "", 10_000 * len(row) + 7)
    assert sampling.faults(aws, DataBucket(BUCKET), [chosen], of_linear_learner(2)) == {}
    assert list(sampling.faults(aws, DataBucket(BUCKET), [chosen], of_linear_learner(3))) == [key]


def test_an_object_that_has_gone_is_a_fault_of_its_own(aws: Aws) -> None:
    gone = DataObject(f"{PREFIX}2026-10-02\x1b[31m.csv", "", 5)
    (said,) = sampling.faults(aws, DataBucket(BUCKET), [gone], of_linear_learner(2)).values()
    assert "deleted while it was being sampled" in said
    assert said.isprintable()


GZ = gzip.compress(b"1,2,3\n" * 5_000, mtime=0)


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("csv.gz", GZ),
        ("csv.gz", gzip.compress(b"1,2,3\n", mtime=0)),
        ("parquet", b"PAR1\x15\x04"),
        ("recordio", b"\x0a\x23\xd7\xce\x10"),
        ("jsonlines", b'\n{"label": 1}\n'),
    ],
)
def test_an_object_of_the_format_is_no_fault(name: str, sample: bytes) -> None:
    assert sampling.fault(sample, 2, FORMATS[name], whole=True) is None
    assert sampling.fault(sample[:8], 2, FORMATS[name], whole=False) is None


@pytest.mark.parametrize(
    ("name", "sample", "said"),
    [
        ("csv.gz", b"1,2,3\n", "it is not compressed with gzip"),
        ("csv.gz", gzip.compress(b"a,b,c\n" * 9, mtime=0), "row 1"),
        ("csv.gz", gzip.compress(b"1,2,3\n" * 9 + b"1,2\n", mtime=0), "row 10"),
        ("parquet", GZ, "it is not Parquet, but is compressed with gzip"),
        ("parquet", b"1,2,3\n", "it is not Parquet"),
        ("recordio", b"PAR1", "it is not RecordIO, but is a Parquet file"),
        ("jsonlines", b"1,2,3\n", "it is not JSON lines"),
    ],
)
def test_an_object_of_another_format_is_named(name: str, sample: bytes, said: str) -> None:
    assert said in (sampling.fault(sample, 2, FORMATS[name], whole=True) or "")

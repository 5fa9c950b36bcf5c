"""`refit upload` never adds data by accident to a day that already has some, in any form that a run reads."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.data import csv_rows
from refit.data.freshness import newest_day
from refit.data.upload import put_days
from refit.domain.data_formats import FORMATS
from refit.errors import AwsError, NotFound, RefitError

DAY, NEXT = date(2026, 11, 21), date(2026, 11, 22)
PREFIX = "data/prices/"
ROWS = [csv_rows.Row(("1", "2", "3"), line=1)]


@pytest.fixture
def stack(aws: Aws) -> Stack:
    """Names, and a bucket without data."""
    bucket = f"prices-{uuid4().hex[:12]}"
    aws.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    return Stack(bucket, PREFIX, *["unused"] * 6)


def put(aws: Aws, stack: Stack, *keys: str, body: bytes = b"9,9,9\n") -> None:
    for key in keys:
        aws.s3.put_object(Bucket=stack.bucket, Key=f"{PREFIX}{key}", Body=body)


def in_bucket(aws: Aws, stack: Stack) -> list[str]:
    listed = aws.s3.list_objects_v2(Bucket=stack.bucket).get("Contents", [])
    return [item["Key"].removeprefix(PREFIX) for item in listed]


def test_each_day_becomes_one_object(aws: Aws, stack: Stack) -> None:
    uploaded = put_days(aws, stack, {DAY: ROWS, NEXT: ROWS})
    assert in_bucket(aws, stack) == ["2026-11-21.csv", "2026-11-22.csv"]
    assert [one.uri for one in uploaded] == [f"s3://{stack.bucket}/{PREFIX}{day}.csv" for day in (DAY, NEXT)]


@pytest.mark.parametrize("body", [b"9,9,9\n", b""])
def test_a_day_that_has_its_file_is_refused_and_nothing_is_written(aws: Aws, stack: Stack, body: bytes) -> None:
    put(aws, stack, "2026-11-22.csv", body=body)
    with pytest.raises(RefitError, match=f"already has {PREFIX}2026-11-22.csv") as caught:
        put_days(aws, stack, {DAY: ROWS, NEXT: ROWS})
    assert caught.value.hint == "add --replace to overwrite them"
    assert in_bucket(aws, stack) == ["2026-11-22.csv"]


def test_a_day_that_has_its_file_is_written_again_when_a_person_says_so(aws: Aws, stack: Stack) -> None:
    put(aws, stack, "2026-11-22.csv")
    put_days(aws, stack, {NEXT: ROWS}, replace=True)
    assert aws.s3.get_object(Bucket=stack.bucket, Key=f"{PREFIX}2026-11-22.csv")["Body"].read() == csv_rows.body(ROWS)


@pytest.mark.parametrize("replace", [False, True])
def test_a_day_whose_data_is_in_a_folder_is_refused_in_any_case(aws: Aws, stack: Stack, replace: bool) -> None:
    before = ["2026-11-21.csv", *(f"2026-11-22/part-{part:02}.csv" for part in range(12))]
    put(aws, stack, *before)
    with pytest.raises(RefitError, match=f"already has .*{PREFIX}2026-11-22/part-00.csv, .* and . more$") as caught:
        put_days(aws, stack, {DAY: ROWS, NEXT: ROWS}, replace=replace)
    assert caught.value.hint == (
        f"first delete the other objects of the day: aws s3 rm --recursive s3://{stack.bucket}/{PREFIX}2026-11-22/"
    )
    assert in_bucket(aws, stack) == before


def test_a_write_that_fails_says_which_days_were_written(aws: Aws, stack: Stack) -> None:
    """Another process writes the second day after the check."""
    with pytest.raises(AwsError, match=r"; only 1 of 3 days were written: 2026-11-21$"):
        put_days(
            aws,
            stack,
            {DAY: ROWS, NEXT: ROWS, date(2026, 11, 23): ROWS},
            on_written=lambda _: put(aws, stack, "2026-11-22.csv"),
        )
    assert in_bucket(aws, stack) == ["2026-11-21.csv", "2026-11-22.csv"]


@pytest.mark.parametrize(
    ("layout", "names"),
    [
        (None, ["2026-11-22.csv", "2026-11-22/_SUCCESS"]),
        ("dt=%Y-%m-%d/", ["dt=2026-11-22/_SUCCESS", "dt=2026-11-22/upload.csv"]),
    ],
)
def test_a_day_is_written_in_its_layout_and_marked(
    aws: Aws, stack: Stack, layout: str | None, names: list[str]
) -> None:
    marked = replace(stack, layout=layout, ready="_SUCCESS")
    put_days(aws, marked, {NEXT: ROWS})
    assert in_bucket(aws, stack) == names
    assert newest_day(aws, stack.data_bucket, marked.keys, NEXT) == NEXT
    with pytest.raises(RefitError, match="already has"):
        put_days(aws, marked, {NEXT: ROWS})


def test_a_day_of_gzip_is_compressed(aws: Aws, stack: Stack) -> None:
    packed = replace(stack, data_format=FORMATS["csv.gz"])
    put_days(aws, packed, {NEXT: ROWS})
    answer = aws.s3.get_object(Bucket=stack.bucket, Key=f"{PREFIX}2026-11-22.csv.gz")
    assert (gzip.decompress(answer["Body"].read()), answer["ContentType"]) == (csv_rows.body(ROWS), "application/gzip")


def test_other_formats_are_copied_by_other_means(aws: Aws, stack: Stack) -> None:
    with pytest.raises(
        RefitError, match="writes CSV, but the data of this pipeline is application/x-parquet"
    ) as caught:
        put_days(aws, replace(stack, data_format=FORMATS["parquet"]), {NEXT: ROWS})
    assert caught.value.hint == (f"copy a file of that format: aws s3 cp FILE s3://BUCKET/{PREFIX}2026-11-22.parquet")
    assert in_bucket(aws, stack) == []


def test_other_objects_of_a_day_without_a_folder_are_deleted_one_by_one(aws: Aws, stack: Stack) -> None:
    put(aws, stack, "part-2026-11-22-0001.csv")
    with pytest.raises(RefitError) as caught:
        put_days(aws, replace(stack, layout="part-%Y-%m-%d-*.csv"), {NEXT: ROWS})
    key = f"s3://{stack.bucket}/{PREFIX}part-2026-11-22-0001.csv"
    assert caught.value.hint == f"first delete the other objects of the day: aws s3 rm {key}"


def test_what_is_no_data_of_these_days_is_not_in_the_way(aws: Aws, stack: Stack) -> None:
    put(
        aws,
        stack,
        "2026-11-20.csv",
        "2026-11-22/",
        "2026-11-22.parquet",
        "2026-11-22/_SUCCESS",
        "2026-11-23/part-0.csv",
    )
    put_days(aws, stack, {DAY: ROWS, NEXT: ROWS})
    assert {"2026-11-21.csv", "2026-11-22.csv"} <= set(in_bucket(aws, stack))


def test_a_bucket_that_is_not_there_is_advice(aws: Aws) -> None:
    with pytest.raises(NotFound, match="there is no bucket nowhere"):
        put_days(aws, Stack("nowhere", PREFIX, *["unused"] * 6), {DAY: ROWS})

"""The newest day with data, on a real S3, and the number of requests that find it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from refit.aws.session import Aws
from refit.data.freshness import REACH_DAYS, newest_day
from refit.domain.data_bucket import DataBucket
from refit.domain.layout import Layout
from refit.errors import NotFound

TODAY = date(2026, 11, 22)
PREFIX = "data/prices/"


class Bucket:
    """A new bucket, and the pages of it that were listed."""

    def __init__(self, aws: Aws) -> None:
        self.name, self.aws, self.pages = f"prices-{uuid4().hex[:12]}", aws, 0
        aws.s3.create_bucket(Bucket=self.name, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        aws.s3.meta.events.register("before-call.s3.ListObjectsV2", self._count)

    def _count(self, **_: Any) -> None:
        self.pages += 1

    def put(self, key: str, body: bytes = b"1,2\n") -> None:
        self.aws.s3.put_object(Bucket=self.name, Key=f"{PREFIX}{key}", Body=body)

    def newest(self, last: date = TODAY) -> date | None:
        self.pages = 0
        return newest_day(self.aws, DataBucket(self.name), Layout(PREFIX), last)


@pytest.fixture
def bucket(aws: Aws) -> Bucket:
    return Bucket(aws)


@pytest.mark.parametrize("age", [0, 1, 2, 3, 7, 8, 40, 255, 256, REACH_DAYS - 1])
def test_the_newest_day_is_found_whatever_its_age(bucket: Bucket, age: int) -> None:
    newest = TODAY - timedelta(days=age)
    for day in (newest, newest - timedelta(days=1), newest - timedelta(days=5)):
        bucket.put(f"{day}.csv")
    assert bucket.newest() == newest
    assert bucket.pages <= 2 + 2 * age.bit_length()


def test_fresh_data_takes_one_look(bucket: Bucket) -> None:
    bucket.put(f"{TODAY}/part-1.csv")
    assert bucket.newest() == TODAY
    assert bucket.pages == 1


def test_data_beyond_the_reach_counts_as_none(bucket: Bucket) -> None:
    bucket.put(f"{TODAY - timedelta(days=REACH_DAYS)}.csv")
    assert bucket.newest() is None
    assert bucket.pages == 10


def test_days_after_the_last_are_not_looked_at(bucket: Bucket) -> None:
    bucket.put("2026-11-23.csv")
    bucket.put("2026-11-20.csv")
    assert bucket.newest() == date(2026, 11, 20)


def test_only_objects_of_days_that_hold_something_count(bucket: Bucket) -> None:
    bucket.put("2026-11-22.csv", b"")
    bucket.put("2026-11-22.txt")
    bucket.put("2026-11-22/_temporary/0/part-0.csv")
    bucket.put("2026-11-21/")
    bucket.put("2026-11-21-copy.csv")
    bucket.put("2026-11-19/rows.csv")
    bucket.put("zebra.csv")
    assert bucket.newest() == date(2026, 11, 19)


def test_a_day_without_its_marker_does_not_count(bucket: Bucket) -> None:
    layout = Layout(PREFIX, "year=%Y/month=%m/day=%d/", "_SUCCESS")
    for day in (date(2026, 10, 9), date(2026, 11, 20), TODAY):
        bucket.put(layout.key(day).removeprefix(PREFIX))
    bucket.put(f"{layout.marker(TODAY - timedelta(days=1))}".removeprefix(PREFIX), b"")
    for day in (date(2026, 10, 9), date(2026, 11, 20)):
        bucket.put(f"{layout.marker(day)}".removeprefix(PREFIX), b"")
    assert newest_day(bucket.aws, DataBucket(bucket.name), layout, TODAY) == date(2026, 11, 20)


def test_many_objects_of_old_days_are_never_listed(bucket: Bucket) -> None:
    for part in range(1100):
        bucket.put(f"2026-11-10/{part:04}.csv")
    bucket.put("2026-11-15.csv")
    assert bucket.newest() == date(2026, 11, 15)
    assert bucket.pages <= 8


def test_a_missing_bucket_is_not_an_empty_one(aws: Aws) -> None:
    with pytest.raises(NotFound):
        newest_day(aws, DataBucket("no-such-bucket"), Layout(PREFIX), TODAY)

"""A pipeline and a bucket with price data, for tests that read the bucket."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from refit.aws.session import Aws
from refit.pipeline.model import Pipeline

PREFIX = "data/prices/"


BUCKET = "prices-000000000000-us-west-2"


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def pipeline(**fields: Any) -> Pipeline:
    return Pipeline.model_validate({"pipeline": "prices", "data": {"prefix": PREFIX, "feature_dim": 2}, **fields})


def day(number: int) -> date:
    return date(2026, 11, number)


def requests(aws: Aws, event: str) -> list[dict[str, Any]]:
    """A list that records the parameters of every later call of one operation."""
    made: list[dict[str, Any]] = []
    aws.s3.meta.events.register(f"provide-client-params.s3.{event}", lambda params, **_: made.append(dict(params)))
    return made


def fill(aws: Aws) -> Aws:
    """Creates a bucket full of data and the parameters of a stack; returns `aws`."""
    aws.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    for number in range(1, 23):
        aws.s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}2026-11-{number:02}.csv", Body=b"1,2,3\n" * number)
    for key, body in {
        "2026-11-20/part-1.csv": b"1,2,3\n",
        "2026-11-20/part-0.csv": b"1,2\n",
        "2026-11-20/part-2.csv": b"not sampled",
        "2026-11-20/_SUCCESS": b"",
        "2026-11-22.parquet": b"PAR1",
        "2026-12-01.csv": b"1,2,3\n",
        "notes.txt": b"hello",
    }.items():
        aws.s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}{key}", Body=body)
    aws.s3.delete_object(Bucket=BUCKET, Key=f"{PREFIX}2026-11-19.csv")
    for parameter, value in (("train/latest", "never"), ("train/run", "never"), ("hold", "none")):
        aws.ssm.put_parameter(Name=f"/models/prices/{parameter}", Value=value, Type="String")
    return aws

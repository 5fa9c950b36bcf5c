"""`refit upload`: a CSV to the data prefix, as one day or split over several.

Everything is checked before the first object is written. A day that has data is refused, not replaced, unless asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from driver import dataset
from driver.aws import Aws, calling
from driver.errors import NotFound, RefitError
from driver.stack import Stack


@dataclass(frozen=True)
class Uploaded:
    """One day's object: rows as counted, size in bytes."""

    day: date
    uri: str
    rows: int
    size: int


def upload(
    aws: Aws,
    stack: Stack,
    file: Path,
    *,
    feature_dim: int,
    last_day: date,
    days: int = 1,
    label: str | None = None,
    seed: int | None = None,
    replace: bool = False,
) -> list[Uploaded]:
    """Writes the rows of `file` as the `days` days that end with `last_day`; returns what was written.

    `seed` shuffles first; `label` names the label's column of a file with a header. Raises InvalidData with every bad
    row, RefitError when a day already has data or the bucket is missing; then nothing has been written.
    """
    rows = dataset.read(file, feature_dim, label)
    if seed is not None:
        rows = dataset.shuffled(rows, seed)
    parts = dataset.split(rows, days)
    first = last_day - timedelta(days=days - 1)
    return put_days(aws, stack, {first + timedelta(days=at): part for at, part in enumerate(parts)}, replace=replace)


def put_days(
    aws: Aws, stack: Stack, days: Mapping[date, Sequence[dataset.Row]], *, replace: bool = False
) -> list[Uploaded]:
    """Writes one object a day. Raises as `upload` does."""
    keys = {day: f"{stack.data_prefix}{day.isoformat()}.csv" for day in days}
    if not replace:
        taken = [key for key in keys.values() if _exists(aws, stack.bucket, key)]
        if taken:
            raise RefitError(f"s3://{stack.bucket} already has {', '.join(taken)}", "add --replace to write them again")
    uploaded = []
    for day, rows in days.items():
        content = dataset.body(rows)
        with calling(f"write s3://{stack.bucket}/{keys[day]}"):
            # Between the check and now somebody else may have written the day: the condition is what decides.
            condition = {} if replace else {"IfNoneMatch": "*"}
            aws.s3.put_object(Bucket=stack.bucket, Key=keys[day], Body=content, ContentType="text/csv", **condition)  # type: ignore[arg-type]
        uploaded.append(Uploaded(day, f"s3://{stack.bucket}/{keys[day]}", len(rows), len(content)))
    return uploaded


def _exists(aws: Aws, bucket: str, key: str) -> bool:
    try:
        with calling(f"look for s3://{bucket}/{key}"):
            aws.s3.head_bucket(Bucket=bucket)
    except NotFound:
        raise RefitError(
            f"there is no bucket {bucket}", "apply the pipeline first: refit terraform apply PIPELINE"
        ) from None
    try:
        with calling(f"look for s3://{bucket}/{key}"):
            aws.s3.head_object(Bucket=bucket, Key=key)
    except NotFound:
        return False
    return True

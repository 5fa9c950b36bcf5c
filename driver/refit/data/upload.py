"""Uploads a CSV file to the data prefix, as one day or split over several days (`refit upload`).

Everything is checked before the first object is written. A day that already has data is rejected, unless `replace`
is set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from refit.aws.session import Aws, calling
from refit.aws.stack import Stack
from refit.data import csv_rows
from refit.data.coverage import listed
from refit.domain.days import day_of
from refit.domain.window import ONE_DAY, Window
from refit.errors import NotFound, RefitError

SHOWN = 10
"""The maximum number of existing keys in a message."""


@dataclass(frozen=True)
class Uploaded:
    """One day's object: number of rows, size in bytes."""

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
    """Writes the rows of `file` as the `days` days up to `last_day`; returns what was written.

    `seed` shuffles the rows first; `label` names the label's column in a file with a header. Raises InvalidData with
    every bad row, RefitError if a day already has data, and NotFound if the bucket does not exist. Nothing is written
    then.
    """
    rows = csv_rows.read(file, feature_dim, label)
    if seed is not None:
        rows = csv_rows.shuffled(rows, seed)
    parts = csv_rows.split(rows, days)
    first = last_day - timedelta(days=days - 1)
    return put_days(aws, stack, {first + timedelta(days=at): part for at, part in enumerate(parts)}, replace=replace)


def put_days(
    aws: Aws, stack: Stack, days: Mapping[date, Sequence[csv_rows.Row]], *, replace: bool = False
) -> list[Uploaded]:
    """Writes one object per day. Raises like `upload`."""
    keys = {day: f"{stack.data_prefix}{day.isoformat()}.csv" for day in days}
    _refuse_taken(aws, stack, keys, replace=replace)
    uploaded = []
    for day, rows in days.items():
        content = csv_rows.body(rows)
        with calling(f"write s3://{stack.bucket}/{keys[day]}"):
            # Another process may have written the day since the check, so the write itself is conditional.
            condition = {} if replace else {"IfNoneMatch": "*"}
            aws.s3.put_object(Bucket=stack.bucket, Key=keys[day], Body=content, ContentType="text/csv", **condition)  # type: ignore[arg-type]
        uploaded.append(Uploaded(day, f"s3://{stack.bucket}/{keys[day]}", len(rows), len(content)))
    return uploaded


def _refuse_taken(aws: Aws, stack: Stack, keys: Mapping[date, str], *, replace: bool) -> None:
    """Raises RefitError if a day already has objects, even empty ones.

    With `replace`, an object with the day's own key is allowed. Objects in the day's folder are not: they would be used
    for training in addition to the new object.
    """
    window = Window(min(keys), max(keys) + ONE_DAY)
    try:
        existing = [item.key for item in listed(aws, stack.bucket, stack.data_prefix, window)]
    except NotFound:
        raise NotFound(f"there is no bucket {stack.bucket}") from None
    others = {
        key: day for key in existing if (day := day_of(key, stack.data_prefix)) in keys and key not in keys.values()
    }
    taken = sorted({*others, *(() if replace else set(existing).intersection(keys.values()))})
    if not taken:
        return
    hint = "add --replace to overwrite them"
    if others:
        folders = dict.fromkeys(f"s3://{stack.bucket}/{stack.data_prefix}{day}/" for day in others.values())
        remove = "; ".join(f"aws s3 rm --recursive {folder}" for folder in folders)
        hint = f"first delete the objects in the folder of the day: {remove}"
    raise RefitError(f"s3://{stack.bucket} already has {_shortened(taken)}", hint)


def _shortened(keys: Sequence[str]) -> str:
    shown = ", ".join(keys[:SHOWN])
    return f"{shown} and {len(keys) - SHOWN} more" if len(keys) > SHOWN else shown

"""Writes rows to the data prefix, one object for each day (`refit upload`).

Everything is checked before the first object is written. A day that already has data is rejected, unless `replace`
is set.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from refit.aws.session import Aws, calling
from refit.aws.stack import Stack
from refit.data import csv_rows
from refit.data.coverage import listed
from refit.domain.data_formats import CSV_TYPE, DataFormat
from refit.domain.formatting import counted
from refit.domain.layout import Layout
from refit.domain.window import ONE_DAY, Window
from refit.errors import AwsError, NotFound, RefitError
from refit.pipeline.schema.data import Data

GZIP_TYPE = "application/gzip"
SHOWN = 10
"""The maximum number of existing keys in a message."""


@dataclass(frozen=True)
class Uploaded:
    """One day's object: number of rows, size in bytes."""

    day: date
    uri: str
    rows: int
    size: int


def refuse_existing_bucket(data: Data) -> None:
    """Raises RefitError if the data is in an existing bucket, which Refit by default only reads."""
    if data.bucket:
        raise RefitError(
            f"data.bucket {data.bucket} is not the stack's own bucket: others may read what is written there",
            "add --to-data-bucket to write to it",
        )


def put_days(
    aws: Aws,
    stack: Stack,
    days: Mapping[date, Sequence[csv_rows.Row]],
    *,
    replace: bool = False,
    on_written: Callable[[Uploaded], None] = lambda _: None,
) -> list[Uploaded]:
    """Writes one object per day; returns what was written, and passes it to `on_written` at once.

    Raises RefitError if a day already has data or the pipeline's data is not CSV, and NotFound if the bucket does not
    exist; nothing is written then.
    If a later write fails, the error says which days were written.
    """
    require_csv(stack.data_format, stack.keys, min(days))
    keys = {day: stack.keys.key(day) for day in days}
    _refuse_taken(aws, stack, keys, replace=replace)
    media_type = GZIP_TYPE if stack.data_format.compressed else CSV_TYPE
    uploaded: list[Uploaded] = []
    for day, rows in days.items():
        content, uri = csv_rows.body(rows), stack.data_bucket.uri(keys[day])
        if stack.data_format.compressed:
            content = gzip.compress(content, mtime=0)
        try:
            with calling(f"write {uri}"):
                # Another process may have written the day since the check, so the write itself is conditional.
                condition: dict[str, Any] = {} if replace else {"IfNoneMatch": "*"}
                aws.s3.put_object(
                    **stack.data_bucket.members, Key=keys[day], Body=content, ContentType=media_type, **condition
                )
            _mark(aws, stack, day)
        except AwsError as error:
            raise _partly(error, uploaded, len(days)) from error
        uploaded.append(Uploaded(day, uri, len(rows), len(content)))
        on_written(uploaded[-1])
    return uploaded


def require_csv(data_format: DataFormat, keys: Layout, day: date) -> None:
    """Raises RefitError if the pipeline's data is not CSV, with how to write the data of `day` instead."""
    if data_format.media_type != CSV_TYPE:
        raise RefitError(
            f"refit upload writes CSV, but the data of this pipeline is {data_format.content_type}",
            f"copy a file of that format: aws s3 cp FILE s3://BUCKET/{keys.key(day)}",
        )


def _partly(error: AwsError, uploaded: Sequence[Uploaded], days: int) -> AwsError:
    """The error of a write, with the days that had been written before."""
    if not uploaded:
        return error
    written = _shortened([item.day.isoformat() for item in uploaded])
    return type(error)(f"{error}; only {len(uploaded)} of {counted(days, 'day')} were written: {written}", error.hint)


def _mark(aws: Aws, stack: Stack, day: date) -> None:
    """Writes the marker that data.ready requires, after the data of the day."""
    if marker := stack.keys.marker(day):
        with calling(f"write {stack.data_bucket.uri(marker)}"):
            aws.s3.put_object(**stack.data_bucket.members, Key=marker, Body=b"")


def _refuse_taken(aws: Aws, stack: Stack, keys: Mapping[date, str], *, replace: bool) -> None:
    """Raises RefitError if a day already has objects, even empty ones.

    With `replace`, an object with the day's own key is allowed. Objects in the day's folder are not: they would be used
    for training in addition to the new object.
    """
    window = Window(min(keys), max(keys) + ONE_DAY)
    try:
        existing = [item.key for item in listed(aws, stack.data_bucket, stack.keys, window)]
    except NotFound:
        raise NotFound(f"there is no bucket {stack.data_bucket.name}") from None
    of_day = {key: day for key in existing if (day := stack.keys.day_of(key)) is not None}
    others = {key: day for key, day in of_day.items() if day in keys and key not in keys.values()}
    taken = sorted({*others, *(() if replace else set(existing).intersection(keys.values()))})
    if not taken:
        return
    hint = "add --replace to overwrite them"
    if others:
        hint = f"first delete the other objects of the day: {_removal(stack, others)}"
    raise RefitError(f"s3://{stack.data_bucket.name} already has {_shortened(taken)}", hint)


def _removal(stack: Stack, others: Mapping[str, date]) -> str:
    """The commands that delete the objects: by their days' folders if the layout has these."""
    folders = dict.fromkeys(stack.keys.folder(day) for day in others.values())
    if None in folders:
        return "; ".join(f"aws s3 rm {stack.data_bucket.uri(key)}" for key in list(others)[:SHOWN])
    return "; ".join(f"aws s3 rm --recursive {stack.data_bucket.uri(folder or '')}" for folder in folders)


def _shortened(keys: Sequence[str]) -> str:
    shown = ", ".join(keys[:SHOWN])
    return f"{shown} and {len(keys) - SHOWN} more" if len(keys) > SHOWN else shown

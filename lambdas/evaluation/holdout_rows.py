"""Samples the rows that a run held out: a limited number, and the same ones in every attempt of the run.

If the holdout fits into MAX_OBJECTS objects and MAX_BYTES, all of it is read. Otherwise the sample is taken in three
steps: random objects, byte ranges spread evenly over them, and random complete lines from these. So all rows have about
the same probability, but not exactly: it is lower in an object that is larger than most, and near the end of a range.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

from botocore.exceptions import ClientError

from lambdas.aws import clients, s3
from lambdas.aws.errors import code
from refit.domain import csv_lines, data_bucket
from refit.domain.csv_lines import Fault, is_blank
from refit.domain.data_bucket import DataBucket
from refit.domain.formatting import counted
from refit.domain.metrics import NotComparable
from refit.domain.run_document import Run

MAX_OBJECTS = 32
MAX_BYTES = 8 * 2**20
RANGES = 16
"""The number of byte ranges that are sampled: each is long enough for rows of thousands of features."""

# 404: HeadObject has no body with a code. InvalidRange: the object is shorter than it was a moment ago.
CHANGED = frozenset({"404", "NoSuchKey", "InvalidRange"})
DENIED = frozenset({"403", "AccessDenied"})


class Row(NamedTuple):
    """A held-out row: its label, and its features as they are sent to the endpoint."""

    label: float
    features: str


class Sample(NamedTuple):
    """Shuffled rows, the number of sampled lines that are not rows, and whether these are all held-out rows."""

    rows: list[Row]
    unreadable: int
    everything: bool


class ByteRange(NamedTuple):
    """The bytes [start, end) of an object with `size` bytes."""

    key: str
    start: int
    end: int
    size: int


def sample(run: Run, count: int, feature_dim: int, *, numbers: bool = True) -> Sample:
    """At most `count` rows of the run's validation manifest, each with a label and `feature_dim` features.

    Without `numbers`, the features may be anything: what they are is up to the image.
    Raises NotComparable if the run has no holdout, its objects were deleted or replaced, or no line is a row.
    """
    chance = random.Random(run["name"])  # noqa: S311 - repeatable in every attempt, and not a secret
    bucket = data_bucket.of_run(run)
    keys = _keys(run, bucket)
    chosen = keys if len(keys) <= MAX_OBJECTS else chance.sample(keys, MAX_OBJECTS)
    ranges = spread([(key, _size(bucket, key)) for key in chosen], MAX_BYTES, chance)
    lines = [line for part in ranges for line in whole_lines(_read(bucket, part), part)]
    chance.shuffle(lines)
    rows, unreadable = draw(lines, count, feature_dim, numbers=numbers)
    if unreadable and not rows:
        reason = csv_lines.row(lines[0], feature_dim + 1, numbers=numbers)
        what = f"{feature_dim + 1} numbers" if numbers else f"a label and {counted(feature_dim, 'feature')}"
        raise NotComparable(f"none of the held-out lines is a row of {what}; one of them: {reason}")
    complete = len(chosen) == len(keys) and all(part.start == 0 and part.end == part.size for part in ranges)
    return Sample(rows, unreadable, complete and len(rows) + unreadable == len(lines))


def spread(sizes: Sequence[tuple[str, int]], budget: int, chance: random.Random) -> list[ByteRange]:
    """The byte ranges to read of objects with these sizes, at most `budget` bytes: all, or a range in each part.

    The parts are equal, the position of a range in its part is random, and no two ranges overlap.
    """
    total = sum(size for _, size in sizes)
    if total <= budget:
        return [ByteRange(key, 0, size, size) for key, size in sizes if size]
    length, ranges = budget // RANGES, []
    for part in range(RANGES):
        first, last = total * part // RANGES, total * (part + 1) // RANGES - length
        at = chance.randint(first, last)
        ranges += _within(sizes, at, at + length)
    return ranges


def whole_lines(body: bytes, part: ByteRange) -> list[bytes]:
    """The lines that start and end in the range, without blank ones."""
    lines = body.split(b"\n")
    first = 0 if part.start == 0 else 1
    last = len(lines) if part.end == part.size else len(lines) - 1
    return [line for line in lines[first:last] if not is_blank(line)]


def draw(lines: Sequence[bytes], count: int, feature_dim: int, *, numbers: bool = True) -> tuple[list[Row], int]:
    """The first `count` lines that are rows, and the number of lines among them that are not."""
    rows: list[Row] = []
    unreadable = 0
    for line in lines:
        if len(rows) == count:
            break
        row = _row(line, feature_dim, numbers=numbers)
        if row is None:
            unreadable += 1
        else:
            rows.append(row)
    return rows, unreadable


def _row(line: bytes, feature_dim: int, *, numbers: bool) -> Row | None:
    """None unless the line is a row that a training job can read: refit.domain.csv_lines."""
    cells = csv_lines.row(line, feature_dim + 1, numbers=numbers)
    return None if isinstance(cells, Fault) else Row(float(cells[0]), ",".join(cells[1:]))


def _within(sizes: Sequence[tuple[str, int]], start: int, end: int) -> list[ByteRange]:
    """The bytes [start, end) of the concatenated objects."""
    found, before = [], 0
    for key, size in sizes:
        first, last = max(start - before, 0), min(end - before, size)
        if first < last:
            found.append(ByteRange(key, first, last, size))
        before += size
    return found


def _keys(run: Run, bucket: DataBucket) -> list[str]:
    uri = run["validation"]
    if uri is None:
        raise NotComparable("the run has no holdout")
    keys = s3.manifest_keys(run["bucket"], uri, bucket)
    if keys is None:
        raise NotComparable(f"{uri} no longer exists")
    return keys


def _size(bucket: DataBucket, key: str) -> int:
    try:
        return clients.s3().head_object(**bucket.members, Key=key)["ContentLength"]
    except ClientError as error:
        raise _changed(error, bucket, key) from error


def _read(bucket: DataBucket, part: ByteRange) -> bytes:
    """The bytes of a range. If the connection breaks, the state machine retries: reading has no side effects."""
    span = f"bytes={part.start}-{part.end - 1}"
    try:
        return clients.s3().get_object(**bucket.members, Key=part.key, Range=span)["Body"].read()
    except ClientError as error:
        raise _changed(error, bucket, part.key) from error


def _changed(error: ClientError, bucket: DataBucket, key: str) -> Exception:
    if code(error) in CHANGED or (code(error) in DENIED and not _is_listed(bucket, key)):
        return NotComparable(f"the held-out {bucket.uri(key)} was deleted or replaced")
    return error


def _is_listed(bucket: DataBucket, key: str) -> bool:
    """Whether the bucket has the object: in a bucket that the role may list only in part, 403 may also mean missing."""
    return key in s3.first_keys(bucket, key, "")

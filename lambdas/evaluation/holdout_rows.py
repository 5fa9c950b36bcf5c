"""A sample of the rows that a run held out: bounded, and the same for every attempt of the run.

Everything is read when it fits into MAX_OBJECTS objects and MAX_BYTES. Otherwise it is a sample in three steps: objects
by chance, stretches of bytes spread evenly over them, and of the whole lines in these as many as are wanted, by chance.
So a row's chance to be drawn is about the same for all, and not exactly: it is smaller in an object that is larger than
most, and next to the end of a stretch.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from typing import NamedTuple

from botocore.exceptions import ClientError

from lambdas.aws import clients, s3
from lambdas.aws.errors import code
from refit.domain.metrics import NotComparable
from refit.domain.run_document import Run

MAX_OBJECTS = 32
MAX_BYTES = 8 * 2**20
STRETCHES = 16
"""Into how many pieces MAX_BYTES are divided: each is long enough for rows of thousands of features."""

# HeadObject has no body to hold a code; InvalidRange: the object is shorter than it was a moment ago.
CHANGED = frozenset({"404", "NoSuchKey", "InvalidRange"})


class Row(NamedTuple):
    """A held-out row: its label, and its features as they are sent to the endpoint."""

    label: float
    features: str


class Sample(NamedTuple):
    """Rows in an order of chance; how many that were drawn are no rows; and whether this is every row held out."""

    rows: list[Row]
    unreadable: int
    everything: bool


class ByteRange(NamedTuple):
    """The bytes [start, end) of an object that has `size` of them."""

    key: str
    start: int
    end: int
    size: int


def sample(run: Run, count: int, feature_dim: int) -> Sample:
    """At most `count` of the rows that the run's validation manifest lists, each a label and `feature_dim` features.

    Raises NotComparable when there is no holdout, or it is not there any more.
    """
    chance = random.Random(run["name"])  # noqa: S311 - an order that can be repeated, not a secret
    bucket, keys = run["bucket"], _keys(run)
    chosen = keys if len(keys) <= MAX_OBJECTS else chance.sample(keys, MAX_OBJECTS)
    stretches = spread([(key, _size(bucket, key)) for key in chosen], MAX_BYTES, chance)
    lines = [line for stretch in stretches for line in whole_lines(_read(bucket, stretch), stretch)]
    chance.shuffle(lines)
    rows, unreadable = draw(lines, count, feature_dim)
    complete = len(chosen) == len(keys) and all(s.start == 0 and s.end == s.size for s in stretches)
    return Sample(rows, unreadable, complete and len(rows) + unreadable == len(lines))


def spread(sizes: Sequence[tuple[str, int]], budget: int, chance: random.Random) -> list[ByteRange]:
    """Which bytes to read of objects of these sizes, `budget` at most: all of them, or one stretch of each part.

    The parts are equal, and where a stretch lies in its part is up to chance. No two overlap.
    """
    total = sum(size for _, size in sizes)
    if total <= budget:
        return [ByteRange(key, 0, size, size) for key, size in sizes if size]
    length, stretches = budget // STRETCHES, []
    for part in range(STRETCHES):
        first, last = total * part // STRETCHES, total * (part + 1) // STRETCHES - length
        at = chance.randint(first, last)
        stretches += _within(sizes, at, at + length)
    return stretches


def whole_lines(body: bytes, stretch: ByteRange) -> list[bytes]:
    """The lines of a stretch that begin and end in it, without blank ones."""
    lines = body.split(b"\n")
    first = 0 if stretch.start == 0 else 1
    last = len(lines) if stretch.end == stretch.size else len(lines) - 1
    return [line for line in lines[first:last] if not line.isspace() and line]


def draw(lines: Sequence[bytes], count: int, feature_dim: int) -> tuple[list[Row], int]:
    """The first `count` of the lines that are rows, and how many lines before the last of them are none."""
    rows: list[Row] = []
    unreadable = 0
    for line in lines:
        if len(rows) == count:
            break
        row = _row(line, feature_dim)
        if row is None:
            unreadable += 1
        else:
            rows.append(row)
    return rows, unreadable


def _row(line: bytes, feature_dim: int) -> Row | None:
    """None for what is not a number and then `feature_dim` fields; quotes mean nothing."""
    try:
        label, _, features = line.decode().strip().partition(",")
        row = Row(float(label), features)
    except ValueError:
        return None
    return row if math.isfinite(row.label) and features.count(",") + 1 == feature_dim and features else None


def _within(sizes: Sequence[tuple[str, int]], start: int, end: int) -> list[ByteRange]:
    """The bytes [start, end) of the objects, laid end to end."""
    found, before = [], 0
    for key, size in sizes:
        first, last = max(start - before, 0), min(end - before, size)
        if first < last:
            found.append(ByteRange(key, first, last, size))
        before += size
    return found


def _keys(run: Run) -> list[str]:
    uri, home = run["validation"], f"s3://{run['bucket']}/"
    if uri is None:
        raise NotComparable("the run held out no days")
    manifest = s3.read(run["bucket"], uri.removeprefix(home))
    if manifest is None:
        raise NotComparable(f"{uri} is not there any more")
    head, *names = json.loads(manifest.body)
    return [f"{head['prefix'].removeprefix(home)}{name}" for name in names]


def _size(bucket: str, key: str) -> int:
    try:
        return clients.s3().head_object(Bucket=bucket, Key=key)["ContentLength"]
    except ClientError as error:
        raise _changed(error, bucket, key) from error


def _read(bucket: str, stretch: ByteRange) -> bytes:
    """The bytes of a stretch. A body that breaks off is for the state machine to try again: it has no other effect."""
    span = f"bytes={stretch.start}-{stretch.end - 1}"
    try:
        return clients.s3().get_object(Bucket=bucket, Key=stretch.key, Range=span)["Body"].read()
    except ClientError as error:
        raise _changed(error, bucket, stretch.key) from error


def _changed(error: ClientError, bucket: str, key: str) -> Exception:
    if code(error) in CHANGED:
        return NotComparable(f"s3://{bucket}/{key}, which was held out, is gone or was replaced")
    return error

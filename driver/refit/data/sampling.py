"""Reads the first bytes of data objects and checks their rows.

Sampling only finds mistakes that affect a whole file (a header, an extra column, another format).
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from refit.aws.session import Aws, calling
from refit.data.csv_rows import not_numbers
from refit.domain.days import DataObject
from refit.domain.formatting import counted
from refit.domain.object_names import shown
from refit.errors import NotFound

BYTES = 16_384
"""The number of bytes to read of an object: at most 12 MB for a year of data."""
PER_DAY = 2
"""The number of objects sampled per day, in the order of their keys."""
AT_ONCE = 8
CELL = 40


def faults(aws: Aws, bucket: str, objects: Iterable[DataObject], feature_dim: int) -> dict[str, str]:
    """The objects whose samples Linear Learner cannot read: key → URI, row and reason.

    Raises AwsError.
    """

    def check(item: DataObject) -> str | None:
        uri = f"s3://{bucket}/{shown(item.key)}"
        try:
            sample = _read(aws, bucket, item.key)
        except NotFound:
            return f"{uri}: it was deleted while it was being sampled"
        reason = fault(sample, feature_dim, whole=len(sample) >= item.size)
        return f"{uri}: {reason}" if reason else None

    items = list(objects)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        checked = zip(items, threads.map(check, items), strict=True)
        return {item.key: reason for item, reason in checked if reason}


def fault(sample: bytes, feature_dim: int, *, whole: bool) -> str | None:
    """The first fault in `sample`, the start of an object or the `whole` object; None if there is none. Pure.

    A row is the label and `feature_dim` features, all finite numbers; there is no header:
    https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html#cdf-csv-format
    """
    lines = sample.split(b"\n")
    if not whole:
        lines[-1] = lines[-1].rpartition(b",")[0]  # the last cell may be cut off, so it is not checked
    rows = 0
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            return f"row {number} is not text in UTF-8"
        if not text.strip():
            continue
        rows += 1
        cut = not whole and number == len(lines)
        if found := _row(number, [cell.strip() for cell in text.split(",")], feature_dim + 1, cut=cut):
            return found
    return "it has no rows" if whole and not rows else None


def _row(number: int, cells: list[str], columns: int, *, cut: bool) -> str | None:
    if number == 1 and cells[0].startswith("\ufeff"):
        return "it starts with a byte order mark; save the file as UTF-8 without one"
    wrong = not_numbers("", number, cells)
    if number == 1 and not cut and len(wrong) == len(cells) and len(cells) > 1 and all(cells):
        return "row 1 is a header; the data must start with its first row"
    if len(cells) > columns or (len(cells) < columns and not cut):
        return f"row {number} has {counted(len(cells), 'column')}, expected {columns}: the label, then the features"
    if wrong:
        column = wrong[0].column
        cell = cells[column - 1]
        return f"row {number}, column {column}: {cell[:CELL]!r} is not a finite number"
    return None


def _read(aws: Aws, bucket: str, key: str) -> bytes:
    with calling(f"read s3://{bucket}/{key}"):
        answer = aws.s3.get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{BYTES - 1}")
        return answer["Body"].read(BYTES)

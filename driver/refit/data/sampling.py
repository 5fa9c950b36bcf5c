"""Reads the first bytes of data objects and checks their format, and of CSV the rows.

Sampling only finds mistakes that affect a whole file (a header, an extra column, another format).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from refit.aws.session import Aws, calling
from refit.domain import file_formats
from refit.domain.csv_lines import Fault, is_blank, row
from refit.domain.data_bucket import DataBucket
from refit.domain.data_formats import (
    CSV,
    CSV_TYPE,
    FORMATS,
    JSONLINES_TYPE,
    PARQUET_TYPE,
    RECORDIO_TYPE,
    DataFormat,
)
from refit.domain.days import DataObject
from refit.domain.file_formats import HEAD_BYTES
from refit.domain.object_names import shown
from refit.errors import NotFound

BYTES = 16_384
"""The number of bytes to read of an object: at most 12 MB for a year of data."""
PER_DAY = 2
"""The number of objects sampled per day, in the order of their keys."""
AT_ONCE = 8
_STARTS = {PARQUET_TYPE: (b"PAR1", "Parquet"), RECORDIO_TYPE: (b"\x0a\x23\xd7\xce", "RecordIO")}
"""The first bytes of a format, and its name."""

Judge = Callable[[bytes, bool], str | None]
"""Takes the start of an object, and whether it is the whole object; returns the first fault."""


def faults(aws: Aws, bucket: DataBucket, objects: Iterable[DataObject], judge: Judge) -> dict[str, str]:
    """The objects in whose samples `judge` finds a fault: key → URI, row and reason.

    Raises AwsError, and what `judge` raises.
    """

    def check(item: DataObject) -> str | None:
        uri = bucket.uri(shown(item.key))
        try:
            sample = _read(aws, bucket, item.key)
        except NotFound:
            return f"{uri}: it was deleted while it was being sampled"
        reason = judge(sample, len(sample) >= item.size)
        return f"{uri}: {reason}" if reason else None

    items = list(objects)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        checked = zip(items, threads.map(check, items), strict=True)
        return {item.key: reason for item, reason in checked if reason}


def fault(sample: bytes, feature_dim: int, data_format: DataFormat = FORMATS[CSV], *, whole: bool) -> str | None:
    """The first fault in `sample`, the start of an object or the `whole` object; None if there is none. Pure.

    A row of CSV is the label and `feature_dim` features, all finite numbers; there is no header
    (refit.domain.csv_lines). Of other formats, only the first bytes are checked.
    """
    if data_format.media_type != CSV_TYPE:
        return _other_format(sample, data_format.media_type)
    if data_format.compressed:
        unpacked = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        try:
            sample = unpacked.decompress(sample, BYTES)
        except zlib.error:
            return _named("is not compressed with gzip", sample)
        whole = unpacked.eof and not unpacked.unconsumed_tail
    columns, found = feature_dim + 1, _first_fault(sample, feature_dim + 1, whole=whole)
    explained = file_formats.recognize(sample[:HEAD_BYTES], columns) if found else None
    return f"it {explained}" if explained else found


def _other_format(sample: bytes, media_type: str) -> str | None:
    if media_type in _STARTS and not sample.startswith(_STARTS[media_type][0]):
        return _named(f"is not {_STARTS[media_type][1]}", sample)
    if media_type == JSONLINES_TYPE and not sample.lstrip().startswith((b"{", b"[")):
        return _named("is not JSON lines: it does not start with { or [", sample)
    return None


def _named(what: str, sample: bytes) -> str:
    found = file_formats.recognize(sample[:HEAD_BYTES])
    return f"it {what}, but {found.what}" if found else f"it {what}"


def _first_fault(sample: bytes, columns: int, *, whole: bool) -> str | None:
    if not sample.strip():
        return "it has no rows" if whole else None
    lines = sample.split(b"\n")
    cut = b"" if whole else lines.pop()
    for number, line in enumerate(lines, start=1):
        if not is_blank(line) and isinstance(cells := row(line, columns, first=number == 1), Fault):
            return cells.at(number)
    complete = cut.rpartition(b",")[0]  # the last cell may be cut off, so it is not checked
    if is_blank(complete):
        is_one_cell = cut == sample and len(sample) >= BYTES
        return f"row 1 has no comma in its first {len(sample):,} bytes" if is_one_cell else None
    number, cells = len(lines) + 1, row(complete, min(columns, complete.count(b",") + 1), first=not lines)
    return cells.at(number) if isinstance(cells, Fault) else None


def _read(aws: Aws, bucket: DataBucket, key: str) -> bytes:
    with calling(f"read {bucket.uri(key)}"):
        answer = aws.s3.get_object(**bucket.members, Key=key, Range=f"bytes=0-{BYTES - 1}")
        return answer["Body"].read(BYTES)

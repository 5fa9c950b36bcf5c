"""Recognizes keys that name a day in another layout than Refit reads: Hive's partitions, Firehose's folders, … Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from refit.domain.layout import readable
from refit.domain.object_names import not_data

DAY = re.compile(
    r"""
    (?<![0-9]) (?P<year>(?:19|20)[0-9]{2})
    (?: (?P<between>[-_.]?) (?P<month>[0-9]{2}) (?P=between) (?P<day>[0-9]{2}) (?![0-9])    # 2026-11-22, 20261122
      | /(?P<month_column>\w+=)?(?P<month_folder>[0-9]{1,2})                                # 2026/11/22/,
        /(?P<day_column>\w+=)?(?P<day_folder>[0-9]{1,2})(?=/)                               # year=2026/month=11/day=22/
    )
    """,
    re.VERBOSE | re.ASCII,
)
HOUR = re.compile(r"/(?P<column>\w+=)?([01][0-9]|2[0-3])/", re.ASCII)
SEPARATORS = "-_."


class Guess(NamedTuple):
    """The day that a key names, and its layout: a strftime pattern, in which `*` is any text without a slash.

    A pattern that ends in a slash is a folder. `%-m` and `%-d` are a month and a day without a leading zero.
    """

    day: date
    pattern: str

    def __str__(self) -> str:
        """The layout for users: YYYY-MM-DD.csv."""
        return readable(self.pattern)


def first(names: Iterable[str]) -> tuple[str, Guess] | None:
    """The first of `names`, keys below the data prefix, that names a day in some layout, and its layout."""
    return next(((name, found) for name in names if (found := guess(name))), None)


def guess(name: str) -> Guess | None:
    """The layout of `name`, the key of an object below the data prefix. None if it names no day or is not data."""
    if not_data(name):
        return None
    return next((Guess(day, _pattern(name, found)) for day, found in _days(name)), None)


def days_in(name: str) -> list[date]:
    """All days that a name or a path has, in order."""
    return [day for day, _ in _days(name)]


def _days(name: str) -> Iterator[tuple[date, re.Match[str]]]:
    for found in DAY.finditer(name):
        month, day = found["month"] or found["month_folder"], found["day"] or found["day_folder"]
        with suppress(ValueError):
            yield date(int(found["year"]), int(month), int(day)), found


def _pattern(name: str, found: re.Match[str]) -> str:
    head, tail = _head(name[: found.start()], found), name[found.end() :]
    if found["month"]:
        between = found["between"]
        return f"{head}%Y{between}%m{between}%d{_tail(tail)}"
    month = "%m" if len(found["month_folder"]) == 2 else "%-m"
    day = "%d" if len(found["day_folder"]) == 2 else "%-d"
    columns = found["month_column"] or "", found["day_column"] or ""
    return f"{head}%Y/{columns[0]}{month}/{columns[1]}{day}{_tail(tail)}"


def _head(head: str, found: re.Match[str]) -> str:
    """The beginning of the pattern, with the codes for a year and a month that it repeats: 2026/20261122.csv."""
    repeated = re.sub(f"(?<![0-9]){found['year']}(?![0-9])", "%Y", head)
    month = found["month"] or found["month_folder"]
    return repeated if repeated == head else re.sub(f"(?<![0-9]){month}(?![0-9])", "%m", repeated)


def _tail(tail: str) -> str:
    """The end of the pattern: the hour's folder, or the rest of the file's name with `*` for what may vary."""
    if hour := HOUR.match(tail):
        return f"/{hour['column'] or ''}%H/"
    rest, slash, _ = tail.partition("/")
    stem, dot, extension = ("", "", "") if slash else rest.partition(".")
    varying = rest if slash else stem
    separator = varying[:1] if varying[:1] in SEPARATORS and not slash else ""
    return f"{separator}{'*' if varying else ''}{dot}{extension}{slash}"

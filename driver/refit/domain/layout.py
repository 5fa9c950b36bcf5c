"""Maps keys to days: by the two default layouts of the data's format, or by the pipeline's own (`data.layout`). Pure.

Whatever reads a day's data uses these rules: CheckData's manifests and fingerprints, ObjectArrived, plans, uploads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from refit.domain import data_formats
from refit.domain.object_names import NotData, not_data
from refit.domain.window import Window

DEFAULT = "%Y-%m-%d"
"""The default layout: an object of this name and the format's suffix, or the folder of this name."""
TOKEN = re.compile(r"(%[YmdH]|\*)")
"""The codes of a pattern, as in strftime, and `*` for any text without a slash. All other characters are themselves."""
GROUPS = {"%Y": "year", "%m": "month", "%d": "day", "%H": "hour"}
FORMS = {
    "%Y": "[0-9]{4}",
    "%m": "[0-9]{2}",
    "%d": "[0-9]{2}",
    "%H": "(?:[01][0-9]|2[0-3])",
    "*": "[^/]*",
}
UPLOADED = "upload"
"""The name of what `refit upload` writes, where a layout leaves it open."""


class Placed(NamedTuple):
    """The day that a key names, and why the object is not data of that day; None if it is."""

    day: date
    not_data: NotData | None


@dataclass(frozen=True)
class Layout:
    """The keys of the days' data under `prefix`. `suffix` is the end of the names in its format, "" if they have none.

    A `pattern` that ends in a slash is the folder of a day, otherwise the name of a day's objects. With `ready`, a day
    counts only if its folder contains the object of that name, the day's marker.
    """

    prefix: str
    pattern: str | None = None
    ready: str | None = None
    suffix: str = data_formats.FORMATS[data_formats.CSV].suffix

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns below the prefix: of each, the text up to the day is the same."""
        if self.pattern:
            return (self.pattern,)
        folder = f"{DEFAULT}/"
        return (f"{DEFAULT}{self.suffix}", folder) if self.suffix else (folder,)

    def place(self, key: str) -> Placed | None:
        """The day that `key` names; None for a key of no day."""
        if not key.startswith(self.prefix):
            return None
        name = key[len(self.prefix) :]
        for pattern in self.patterns:
            if found := _regex(pattern).fullmatch(name):
                try:
                    day = date(int(found["year"]), int(found["month"]), int(found["day"]))
                except ValueError:
                    return None
                return Placed(day, self._not_data(name, found))
        return None

    def day_of(self, key: str) -> date | None:
        """The day whose data the object is; None if it is not data of a day."""
        placed = self.place(key)
        return placed.day if placed is not None and placed.not_data is None else None

    def start_after(self, window: Window) -> str:
        """ListObjectsV2's StartAfter. It is exclusive, need not exist, and sorts before the first day's keys."""
        start = self._up_to_day(window.start)
        # A key may end with the day. Then the listing starts a little earlier, at most nine days.
        return start[:-1] if any(not pattern.partition("%d")[2].strip("*") for pattern in self.patterns) else start

    def is_past(self, key: str, window: Window) -> bool:
        """Whether `key`, and so every later key in S3's order, is after the window: the listing can stop."""
        return key >= self._up_to_day(window.end)

    def key(self, day: date) -> str:
        """The key of an object of that day, as `refit upload` writes it."""
        pattern = self.patterns[0]
        name = _rendered(pattern, day).replace("*", UPLOADED)
        return f"{self.prefix}{name}{UPLOADED}{self.suffix}" if pattern.endswith("/") else f"{self.prefix}{name}"

    def folder(self, day: date) -> str | None:
        """The folder of that day's objects; None if the layout has none, or has several."""
        head, code, tail = self.patterns[-1].partition("%d")
        below, slash, _ = tail.partition("/")
        return f"{self.prefix}{_rendered(f'{head}{code}{below}/', day)}" if slash and "*" not in below else None

    def marker(self, day: date) -> str | None:
        """The key of that day's marker; None if days need none."""
        return f"{self.prefix}{_rendered(self.patterns[-1], day)}{self.ready}" if self.ready else None

    def __str__(self) -> str:
        """The layout for users: data/homes/YYYY-MM-DD.csv or data/homes/YYYY-MM-DD/."""
        return " or ".join(f"{self.prefix}{readable(pattern)}" for pattern in self.patterns)

    def _up_to_day(self, day: date) -> str:
        head, code, _ = self.patterns[0].partition("%d")
        return f"{self.prefix}{_rendered(head + code, day)}"

    def _not_data(self, name: str, found: re.Match[str]) -> NotData | None:
        _, slash, below = name[found.end("day") :].partition("/")
        if self.ready and below == self.ready:
            return NotData.MARKER
        return not_data(below if slash else name.rpartition("/")[2])


def readable(pattern: str) -> str:
    """A pattern in letters: `dt=%Y-%m-%d/` is dt=YYYY-MM-DD/."""
    for code, form in {"%Y": "YYYY", "%m": "MM", "%d": "DD", "%H": "HH", "%-m": "M", "%-d": "D"}.items():
        pattern = pattern.replace(code, form)
    return pattern


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    """A code that is repeated must have the same value: %Y/%Y-%m-%d."""
    parts, seen = [], set()
    for part in TOKEN.split(pattern):
        group = GROUPS.get(part)
        if group is None:
            parts.append(FORMS.get(part) or re.escape(part))
        else:
            parts.append(f"(?P={group})" if group in seen else f"(?P<{group}>{FORMS[part]})")
            seen.add(group)
    return re.compile("".join(parts) + ("(?s:.*)" if pattern.endswith("/") else ""))


def _rendered(pattern: str, day: date) -> str:
    """The pattern with the day's values; the first hour of the day for %H."""
    values = {"%Y": f"{day.year:04}", "%m": f"{day.month:02}", "%d": f"{day.day:02}", "%H": "00"}
    return "".join(values.get(part, part) for part in TOKEN.split(pattern))

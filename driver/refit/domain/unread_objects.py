"""Names the objects that a run does not read, if they may be why days have no data. Pure.

Without this, a pipeline whose data is named otherwise would end in NoNewData every day, and nothing would say why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from refit.domain import layout_guess
from refit.domain.days import DataObject
from refit.domain.formatting import counted, cut
from refit.domain.layout import Layout
from refit.domain.object_names import NotData, shown
from refit.domain.window import Window

LONGEST = 200
"""Characters of a key or a layout in a sentence."""


class Unread(NamedTuple):
    """An object and why it is not read: a sentence that starts with the key. `pattern` is that of its layout."""

    key: str
    why: str
    pattern: str | None = None

    def __str__(self) -> str:
        return f"{cut(shown(self.key), LONGEST)} {self.why}"


def skipped(objects: Iterable[DataObject], layout: Layout, window: Window, days: Collection[date]) -> list[Unread]:
    """The objects that are in the folder of a day of the window but are not data, if that day is not among `days`.

    `days` are those with data: next to data, such an object is what a job usually leaves. Empty ones do not count.
    """
    found = []
    for item in objects:
        placed = layout.place(item.key)
        if placed is None or placed.not_data in (None, NotData.FOLDER, NotData.MARKER) or not item.size:
            continue
        if placed.day in window and placed.day not in days:
            found.append(Unread(item.key, f"is not data: it {placed.not_data}"))
    return found


def unmarked(days: Collection[date], layout: Layout) -> str:
    """A sentence about `days` that have data but lack their marker; "" if there are none."""
    if not days:
        return ""
    others = f", as {counted(len(days) - 1, 'more day')}" if len(days) > 1 else ""
    newest = max(days)
    return f"{newest} has data but does not count before {layout.marker(newest)} is there (data.ready){others}"


def in_other_layout(keys: Iterable[str], layout: Layout) -> Unread | None:
    """The first of `keys` that names a day, but not in the layout that the pipeline reads."""
    prefix = layout.prefix
    names = (key.removeprefix(prefix) for key in keys if key.startswith(prefix) and layout.place(key) is None)
    found = layout_guess.first(names)
    if found is None:
        return None
    name, other = found
    form = cut(shown(str(other)), LONGEST)
    why = f"looks like a day's data in the layout {form}, which this pipeline does not read"
    return Unread(f"{prefix}{name}", why, other.pattern)


def pages_to_search(layout: Layout, window: Window) -> tuple[str, str]:
    """StartAfter of the pages of a listing in which to look for another layout, in that order.

    The first page is after all days of the window's last year, so that these cannot fill it; the second is the very
    first.
    """
    head = layout.patterns[0].partition("%Y")[0]
    return f"{layout.prefix}{head}{window.last.year:04}-~", layout.prefix


def sentence(found: Sequence[Unread]) -> str:
    """The first of `found` and the number of the others; "" if there are none."""
    others = f", as {counted(len(found) - 1, 'more object')}" if len(found) > 1 else ""
    return f"{found[0]}{others}" if found else ""

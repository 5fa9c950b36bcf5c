"""Checks `data.layout`: the keys of a window's days must be next to each other in S3's order.

S3 lists keys in the order of their bytes. If the days are in that order, too, a run lists its window and nothing else,
however old the bucket is: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from refit.domain.layout import TOKEN, Layout
from refit.pipeline.schema.constraints import Violation, raise_violations
from refit.problem_codes import Code

LONGEST = 200
ANY_DAY = date(2026, 11, 1)
EXAMPLE = "dt=%Y-%m-%d/"
CODE = re.compile(r"%-?.?")
CODES = ("%Y", "%m", "%d", "%H")
INSTEAD = {"%y": "%Y", "%G": "%Y", "%M": "%m", "%b": "%m", "%D": "%d", "%e": "%d", "%j": "%d", "%I": "%H"}
"""Codes of strftime that Refit does not read, and the one that is probably meant."""
TEXT = re.compile(r"[A-Za-z0-9!_.'()=/-]*")
"""S3's safe characters, as in data.prefix."""
UNPADDED = "a number without a leading zero does not sort: 10 comes before 9"


def faults(layout: str) -> Iterator[Violation]:
    """What is wrong with the pattern `layout`, the first fault only; nothing if it can be listed by days."""
    if found := _fault(layout):
        message, instead = found
        valid = instead if _fault(instead) is None else EXAMPLE
        rename = "name the keys with leading zeros, and " if UNPADDED in message else ""
        hint = f'{rename}write layout = "{valid}"'
        yield Violation((), Code.BAD_LAYOUT, f'data.layout "{layout}" {message}', hint)


def _fault(layout: str) -> tuple[str, str] | None:
    """What is wrong, and a pattern without this fault, which may have others."""
    for code in CODE.findall(layout):
        if code not in CODES:
            why = UNPADDED if code.startswith("%-") else "only %Y, %m, %d and %H are read"
            return f"has {code}: {why}", CODE.sub(lambda found: _instead(found[0]), layout)
    if odd := TEXT.sub("", TOKEN.sub("", layout)):
        allowed = "a letter, a digit or one of ! _ . ' ( ) = - / *"
        return f"has {odd[0]!r}, which is not {allowed}", layout.replace(odd[0], "-")
    if len(layout) > LONGEST:
        return f"has {len(layout)} characters, more than {LONGEST}", EXAMPLE
    if layout.startswith("/") or "//" in layout:
        return "has an empty part between slashes", re.sub("/+", "/", layout).lstrip("/")
    missing = [code for code in CODES[:3] if code not in layout]
    if missing:
        return f"has no {missing[0]}: a key must name the year, the month and the day", EXAMPLE
    return _order(layout) or _never_data(layout)


def _instead(code: str) -> str:
    return code if code in CODES else INSTEAD.get(code, code.replace("-", ""))


def _order(layout: str) -> tuple[str, str] | None:
    """Up to the day, the keys of two days may differ only in the year, then the month, then the day."""
    head, _, tail = layout.partition("%d")
    codes = list(dict.fromkeys(TOKEN.findall(head)))
    if "*" in codes:
        reason = "has * before the day: the keys of a window's days would be scattered among those of all other days"
        return reason, f"{head.replace('*', '')}%d{tail}"
    if codes != ["%Y", "%m"]:
        reason = "does not sort by day: the year must come first, then the month, the day, and the hour if there is one"
        return reason, "%Y/%m/%d/" if layout.endswith("/") else "%Y-%m-%d-*.csv"
    return None


def _never_data(layout: str) -> tuple[str, str] | None:
    """Whether no object of the layout is data, whatever its `*` stands for, because of a fixed part of its name."""
    keys = Layout("", layout)
    placed = keys.place(keys.key(ANY_DAY))
    if placed and placed.not_data:
        named = keys.key(ANY_DAY).rpartition("/")[2] or layout
        return f"names objects that are never data, such as {named}: an object of this name {placed.not_data}", EXAMPLE
    return None


def _checked(layout: str) -> str:
    raise_violations(faults(layout))
    return layout


DataLayout = Annotated[str, AfterValidator(_checked)]

"""Whether EventBridge Scheduler takes a schedule expression. Pure.

The rules: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

MAX_LENGTH = 256

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True)
class CronField:
    """One of the six fields: the numbers it takes, the names of those numbers, and its special forms."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    special: str = r"(?!)"

    def refuses(self, text: str) -> bool:
        """Whether `text` is neither a special form nor a list of numbers, ranges and steps within the bounds."""
        return not re.fullmatch(self.special, text) and not all(map(self._takes, text.split(",")))

    def _takes(self, item: str) -> bool:
        span, slash, step = item.partition("/")
        first, dash, last = span.partition("-")
        if slash and not (re.fullmatch(r"[0-9]{1,4}", step) and int(step) > 0):
            return False
        if span == "*":
            return True
        ends = [self._number(end) for end in ((first, last) if dash else (first,))]
        return None not in ends

    def _number(self, text: str) -> int | None:
        if text.upper() in self.names:
            return self.names.index(text.upper()) + self.low
        number = int(text) if re.fullmatch(r"[0-9]{1,4}", text) else -1
        return number if self.low <= number <= self.high else None


CRON = (
    CronField("minutes", 0, 59),
    CronField("hours", 0, 23),
    CronField("day of month", 1, 31, special=r"\?|L|LW|([1-9]|[12][0-9]|3[01])W"),
    CronField("month", 1, 12, MONTHS),
    CronField("day of week", 1, 7, WEEKDAYS, special=rf"\?|L|([1-7]|{'|'.join(WEEKDAYS)})(L|#[1-5])"),
    CronField("year", 1970, 2199),
)


@dataclass(frozen=True)
class Refusal:
    """What is wrong with an expression, and what to write instead."""

    message: str
    write: str


def refusals(expression: str) -> Iterator[Refusal]:
    """Everything wrong with a rate, cron or at expression; nothing when EventBridge Scheduler takes it."""
    kind = re.fullmatch(r"(rate|cron|at)\((.*)\)", expression)
    if not kind or len(expression) > MAX_LENGTH:
        yield Refusal("is not rate(…), cron(…) or at(…)", "rate(1 day)")
    elif kind[1] == "rate":
        yield from _rate(kind[2])
    elif kind[1] == "cron":
        yield from _cron(kind[2])
    else:
        yield from _at(kind[2])


def _rate(text: str) -> Iterator[Refusal]:
    found = re.fullmatch(r"([1-9][0-9]{0,8}) (minute|hour|day)(s?)", text)
    if not found:
        yield Refusal("is not rate(<number> <minutes, hours or days>)", "rate(1 day)")
    elif (found[1] == "1") == bool(found[3]):
        unit = found[2] if found[1] == "1" else f"{found[2]}s"
        yield Refusal(f"has the unit in the wrong number, {found[2]}{found[3]}", f"rate({found[1]} {unit})")


def _cron(text: str) -> Iterator[Refusal]:
    fields = text.split(" ")
    if len(fields) != len(CRON):
        names = ", ".join(field.name for field in CRON)
        yield Refusal(f"has {len(fields)} cron fields and not six: {names}", "cron(0 6 * * ? *)")
        return
    for rule, value in zip(CRON, fields, strict=True):
        if rule.refuses(value):
            yield Refusal(f'has "{value}" as {rule.name}, which takes {rule.low} to {rule.high}', "cron(0 6 * * ? *)")
    if (fields[2] == "?") == (fields[4] == "?"):
        yield Refusal("needs ? as day of month or as day of week, and not as both", "cron(0 6 * * ? *)")


def _at(text: str) -> Iterator[Refusal]:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}", text):
            datetime.fromisoformat(text)
            return
    except ValueError:
        pass
    yield Refusal("is not at(<date>T<time>) of a real date", "at(2026-11-22T06:00:00)")

"""Validates EventBridge Scheduler expressions. Pure.

The rules: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

MAX_LENGTH = 256

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True)
class CronField:
    """One of the six cron fields: the numbers it accepts, the names of those numbers, and its special forms."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    special: str = r"(?!)"

    def accepts(self, text: str) -> bool:
        """Whether `text` is a special form, or a list of numbers, ranges and steps within the bounds."""
        return bool(re.fullmatch(self.special, text)) or all(map(self._accepts_item, text.split(",")))

    def numbers(self, text: str) -> frozenset[int]:
        """The numbers of an accepted list of numbers, ranges and steps; a range may go over the end."""
        found: set[int] = set()
        for item in text.split(","):
            span, _, step = item.partition("/")
            first, dash, last = ("*", "", "") if span == "*" else span.partition("-")
            low = self.low if span == "*" else self._number(first) or self.low
            high = (self._number(last) or self.high) if dash else self.high if step or span == "*" else low
            end = high if high >= low else high + self.high - self.low + 1
            spread = range(low, end + 1, int(step or 1))
            found |= {(number - self.low) % (self.high - self.low + 1) + self.low for number in spread}
        return frozenset(found)

    def _accepts_item(self, item: str) -> bool:
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
class Fault:
    """What is wrong with an expression, and what to write instead."""

    message: str
    write: str


def faults(expression: str) -> Iterator[Fault]:
    """Everything wrong with a rate, cron or at expression; nothing if EventBridge Scheduler accepts it."""
    kind = re.fullmatch(r"(rate|cron|at)\((.*)\)", expression)
    if not kind or len(expression) > MAX_LENGTH:
        bare = " ".join(expression.split())
        again = bare != expression and len(bare) <= MAX_LENGTH and not any(faults(bare))
        yield Fault("is not rate(…), cron(…) or at(…)", bare if again else "rate(1 day)")
    elif kind[1] == "rate":
        yield from _rate(kind[2])
    elif kind[1] == "cron":
        yield from _cron(kind[2])
    else:
        yield from _at(kind[2])


def _rate(text: str) -> Iterator[Fault]:
    match = re.fullmatch(r"([1-9][0-9]{0,8}) (minute|hour|day)(s?)", text)
    if not match:
        yield Fault("is not rate(<number> <minutes, hours or days>)", "rate(1 day)")
    elif (match[1] == "1") == bool(match[3]):
        unit = match[2] if match[1] == "1" else f"{match[2]}s"
        yield Fault(f"has the wrong unit for {match[1]}, {match[2]}{match[3]}", f"rate({match[1]} {unit})")


def _cron(text: str) -> Iterator[Fault]:
    fields = text.split(" ")
    if len(fields) != len(CRON):
        names = ", ".join(field.name for field in CRON)
        instead = _mended([*fields, "*"]) if len(fields) == len(CRON) - 1 else "cron(0 6 * * ? *)"
        yield Fault(f"has {len(fields)} cron fields instead of six: {names}", instead)
        return
    for rule, value in zip(CRON, fields, strict=True):
        if not rule.accepts(value):
            yield Fault(f'has "{value}" as {rule.name}, which takes {rule.low} to {rule.high}', _mended(fields))
    if (fields[2] == "?") == (fields[4] == "?"):
        yield Fault("needs ? as either day of month or day of week, but not both", _mended(fields))


def _mended(fields: Sequence[str]) -> str:
    """The cron expression with 0 for a refused minute or hour, * for a refused day, and ? for one field of days."""
    instead = ("0", "0", *"****")
    mended = [one if rule.accepts(one) else other for rule, one, other in zip(CRON, fields, instead, strict=True)]
    if (mended[2] == "?") == (mended[4] == "?"):
        unused = 2 if mended[2] == "*" and mended[4] != "*" else 4
        mended[2 if mended[2] == "?" else unused] = "*" if mended[2] == "?" else "?"
    return f"cron({' '.join(mended)})"


def _at(text: str) -> Iterator[Fault]:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}", text):
            datetime.fromisoformat(text)
            return
    except ValueError:
        pass
    yield Fault("is not at(<date>T<time>) with a valid date", "at(2026-11-22T06:00:00)")

"""Computes whether a schedule ever starts a run again, on the clocks of the schedule's time zone. Pure.

EventBridge Scheduler invokes nothing for a time in the past: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from refit.pipeline.schema.schedule_expression import CRON, WEEKDAYS


def starts_after(expression: str, now: datetime) -> bool:
    """Whether an accepted expression starts a run later than `now`."""
    kind, _, text = expression.removesuffix(")").partition("(")
    if kind == "at":
        return datetime.fromisoformat(text) > now
    return kind == "rate" or _cron(text, now)


def repaired(expression: str, now: datetime) -> str | None:
    """The same expression for a later time: `at` tomorrow, `cron` in every year; None if that starts no run either."""
    kind, _, text = expression.removesuffix(")").partition("(")
    try:
        tomorrow = f"{now.date() + timedelta(days=1)}"
    except OverflowError:
        return None
    later = f"at({tomorrow}{text[10:]})" if kind == "at" else f"cron({text.rpartition(' ')[0]} *)"
    return later if starts_after(later, now) else None


def _cron(text: str, now: datetime) -> bool:
    minutes, hours, day, month, weekday, year = text.split(" ")
    days = _days(day, month, weekday, year, now.date())
    last = max(CRON[1].numbers(hours)), max(CRON[0].numbers(minutes))
    return any(one > now.date() or last > (now.hour, now.minute) for one in days)


def _days(day: str, month: str, weekday: str, year: str, first: date) -> Iterator[date]:
    """The days from `first` on that the last four fields of a cron expression select, oldest first."""
    months = sorted(CRON[3].numbers(month))
    for one in sorted(one for one in CRON[5].numbers(year) if one >= first.year):
        for other in months:
            last = monthrange(one, other)[1]
            for number in range(1, last + 1):
                here = date(one, other, number)
                if here >= first and (_is_weekday(weekday, here, last) if day == "?" else _is_day(day, here, last)):
                    yield here


def _is_day(field: str, day: date, last: int) -> bool:
    if field == "L":
        return day.day == last
    if field == "LW" or field.endswith("W"):
        return day == _nearest_weekday(day, last if field == "LW" else int(field[:-1]), last)
    return day.day in CRON[2].numbers(field)


def _nearest_weekday(day: date, wanted: int, last: int) -> date | None:
    """The weekday of the month that is nearest to the day `wanted`; None if the month has no such day."""
    if wanted > last:
        return None
    there = day.replace(day=wanted)
    if there.weekday() == 5:
        return there.replace(day=wanted - 1 if wanted > 1 else 3)
    if there.weekday() == 6:
        return there.replace(day=wanted + 1 if wanted < last else last - 2)
    return there


def _is_weekday(field: str, day: date, last: int) -> bool:
    number = day.isoweekday() % 7 + 1  # Sunday is 1
    if field == "L":
        return number == 7
    special = re.fullmatch(r"(\w+?)(L|#([1-5]))", field.upper())
    if not special:
        return number in CRON[4].numbers(field)
    wanted = WEEKDAYS.index(special[1]) + 1 if special[1] in WEEKDAYS else int(special[1])
    place = day.day > last - 7 if special[2] == "L" else (day.day - 1) // 7 + 1 == int(special[3])
    return number == wanted and place

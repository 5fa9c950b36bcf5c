"""Formats the days of a window as a calendar in text, one week per line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from refit.data.coverage import State
from refit.domain.window import Window

WEEKS = 60
"""The most weeks shown, the newest: more than a year."""
TRAIN, VALIDATION, MISSING, EMPTY, UNMARKED, MALFORMED, BREACH, UNKNOWN = "■", "◆", "·", "○", "◌", "!", "×", "?"
MARKS = {State.MISSING: MISSING, State.EMPTY: EMPTY, State.UNMARKED: UNMARKED, State.MALFORMED: MALFORMED}
LEGEND = {
    TRAIN: "training",
    VALIDATION: "validation (holdout)",
    MISSING: "missing",
    EMPTY: "empty objects",
    UNMARKED: "not marked as complete",
    MALFORMED: "malformed",
    BREACH: "breaks the data contract",
    UNKNOWN: "in the window, availability unknown",
}
HEADER = f"{'':12}Mo Tu We Th Fr Sa Su"


def strip(window: Window, mark: Callable[[date], str]) -> list[str]:
    """One line per week of the window, Monday to Sunday; `mark` returns the character of a day."""
    monday = window.start - timedelta(days=window.start.weekday())
    weeks = range((window.last - monday).days // 7 + 1)
    shown = [_week(monday + timedelta(weeks=week), window, mark) for week in weeks[-WEEKS:]]
    cut = [f"… {len(weeks) - WEEKS} earlier weeks"] if len(weeks) > WEEKS else []
    return [HEADER, *cut, *shown]


def _week(monday: date, window: Window, mark: Callable[[date], str]) -> str:
    days = [monday + timedelta(days=day) for day in range(7)]
    marks = "  ".join(mark(day) if day in window else " " for day in days)
    return f"{monday.isoformat():<13}{marks}".rstrip()


def fenced(lines: Iterable[str], used: Iterable[str]) -> list[str]:
    """A calendar as a block of Markdown, with the meaning of the marks that it uses."""
    legend = "   ".join(f"{mark} {LEGEND[mark]}" for mark in used)
    return ["```text", *lines, "", legend, "```"]

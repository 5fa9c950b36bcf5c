"""Formats the days of a window as a calendar in text, one week per line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from refit.domain.window import Window

WEEKS = 60
"""The most weeks shown, the newest: more than a year."""
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

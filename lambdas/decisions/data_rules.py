"""Whether a window's data is worth a run. Pure; its reasons are read by people, in Slack and in the console."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from refit.domain import run_document
from refit.domain.holdout import days_needed
from refit.domain.window import Window


def too_little(window: Window, days: Sequence[date], settings: run_document.WindowSettings) -> str | None:
    """Why no model comes of `days` (those with data, oldest first), whoever asks for one; None if one may."""
    if not days:
        return f"no data in the window {window}"
    needed = days_needed(settings)
    if len(days) >= needed:
        return None
    have = "1 day has data" if len(days) == 1 else f"{len(days)} days have data"
    named = ", ".join(day.isoformat() for day in days)
    why = f"min_days = {settings['min_days']}, holdout_days = {settings['holdout_days']}"
    return f"too few days: {have} in the window {window} ({named}), {needed} are needed ({why})"


def nothing_new(window: Window, newest: date, watermark: str | None) -> str | None:
    """Why the deployed model has seen it all, by the newest day with data; None if it has not."""
    if watermark is None or newest.isoformat() > watermark:
        return None
    return f"nothing new: the newest data in the window {window} is of {newest}, the deployed model's of {watermark}"

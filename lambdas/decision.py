"""Whether a window's data is worth a run. Pure; its reasons are read by people, in Slack and in the console."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lambdas import contract
from lambdas.window import Window, days_needed


def why_not(
    window: Window,
    days: Sequence[date],
    settings: contract.WindowSettings,
    watermark: str | None,
    *,
    force: bool,
) -> str | None:
    """The reason not to train on `days` (those with data, oldest first), or None to train.

    `force` skips the comparison with the watermark, nothing else: no model comes of too little data.
    """
    if not days:
        return f"no data in the window {window}"
    needed = days_needed(settings)
    if len(days) < needed:
        have = "1 day has data" if len(days) == 1 else f"{len(days)} days have data"
        named = ", ".join(day.isoformat() for day in days)
        why = f"min_days = {settings['min_days']}, holdout_days = {settings['holdout_days']}"
        return f"too few days: {have} in the window {window} ({named}), {needed} are needed ({why})"
    if not force and watermark is not None and days[-1].isoformat() <= watermark:
        return (
            f"nothing new: the newest data in the window {window} is of {days[-1]}, the deployed model's of {watermark}"
        )
    return None

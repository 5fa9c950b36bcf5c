"""Splits days with data into training days and the holdout, and computes how many days a run needs. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from refit.domain import run_document


def split_holdout(days: Iterable[date], holdout_days: int) -> tuple[list[date], list[date]]:
    """Days with data → (training days, validation days), oldest first.

    The holdout is the newest `holdout_days` days of the window *that have data*. Counting calendar days instead would
    hold out nothing whenever the newest day is late, as in every run that starts before its data arrives, and the model
    would be deployed without validation. Counted this way there is always a validation set, at the cost of training
    days.
    """
    ordered = sorted(days)
    cut = max(len(ordered) - holdout_days, 0)
    return ordered[:cut], ordered[cut:]


def days_needed(settings: run_document.WindowSettings) -> int:
    """The number of days with data that a run needs: at least `min_days`, and one more than the holdout to train on."""
    return max(settings["min_days"], settings["holdout_days"] + 1)

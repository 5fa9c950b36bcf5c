"""Which days with data are held out, and how many days a run needs. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from refit.domain import run_document


def split(days: Iterable[date], holdout_days: int) -> tuple[list[date], list[date]]:
    """Days with data → (training days, validation days), oldest first.

    The holdout is the newest `holdout_days` days of the window *that have data*. Counting calendar days instead would
    hold out nothing whenever the newest day is late, which it is at every run that starts before its data lands, and
    the model would go out unmeasured. Counted this way there is always a validation set, at the cost of training days.
    """
    ordered = sorted(days)
    cut = max(len(ordered) - holdout_days, 0)
    return ordered[:cut], ordered[cut:]


def days_needed(settings: run_document.WindowSettings) -> int:
    """How many days with data a run needs: `min_days` in all, and at least one to train on beside the holdout."""
    return max(settings["min_days"], settings["holdout_days"] + 1)

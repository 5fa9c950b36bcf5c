"""Days, windows and window settings for property tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from refit.domain.run_document import WindowSettings
from refit.domain.window import Window

days_between = st.dates(date(1971, 1, 1), date(2200, 1, 1))
windows = st.builds(lambda start, length: Window(start, start + timedelta(length)), days_between, st.integers(1, 365))


def settings(**changes: Any) -> WindowSettings:
    """The settings of a sliding window of seven days in UTC, with `changes`."""
    made: WindowSettings = {"days": 7, "holdout_days": 0, "min_days": 1, "lag_days": 0, "timezone": "UTC"}
    return made | changes  # type: ignore[return-value]

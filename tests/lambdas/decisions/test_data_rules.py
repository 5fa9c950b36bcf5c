"""Stale data is reported by the age of the newest known day."""

from __future__ import annotations

from datetime import date

import pytest

from lambdas.decisions.data_rules import stale

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("newest", "watermark", "after_days", "said"),
    [
        ("2026-11-19", "2026-11-19", 3, "The newest data is from 2026-11-19: 3 days old."),
        ("2026-11-19", None, 2, "The newest data is from 2026-11-19: 3 days old."),
        ("2026-11-21", None, 1, "The newest data is from 2026-11-21: 1 day old."),
        (None, "2026-10-22", 7, "The newest data is from 2026-10-22: 31 days old."),
        ("2026-11-19", None, 4, None),
        ("2026-11-22", "2026-11-19", 1, None),
        ("2026-11-23", None, 1, None),
    ],
)
def test_the_newest_day_that_is_known_may_be_so_many_days_old(
    newest: str | None, watermark: str | None, after_days: int, said: str | None
) -> None:
    assert stale(TODAY, newest, watermark, after_days) == said


def test_a_window_of_older_days_says_nothing_about_what_arrives() -> None:
    assert stale(TODAY, "2025-12-31", "2026-11-21", 3) is None


def test_a_pipeline_that_never_had_data_is_not_stale() -> None:
    assert stale(TODAY, None, None, 1) is None

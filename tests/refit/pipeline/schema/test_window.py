"""The window section: valid windows, and the problems of invalid ones."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from refit.errors import InvalidPipeline
from refit.pipeline import files as pipeline
from refit.pipeline.schema.window import Window
from tests.support.checkout import MINIMAL, NOW, load, problem, write


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("days = 3654", "19: out-of-range window.days must be between 1 and 3653, got 3654; write days = 3653"),
        ("weeks = 522", "20: out-of-range window.weeks must be between 1 and 521, got 522; write weeks = 521"),
        ("months = 0", "21: out-of-range window.months must be between 1 and 120, got 0; write months = 1"),
        (
            "weeks = 4, months = 3",
            "32: window-mixed window.months cannot be combined with window.weeks; remove months or weeks",
        ),
        (
            'days = 7, expanding_from = "2026-01-01"',
            "39: window-mixed window.expanding_from cannot be combined with window.days; remove expanding_from or days",
        ),
        (
            'months = 3, start = "2026-11-01", end = "2026-11-07"',
            "21: window-mixed window.months cannot be combined with start and end; "
            "write window = { months = 3 } or window = { start = …, end = … }",
        ),
        (
            'expanding_from = "2026-11-23"',
            "29: window-in-future window.expanding_from must not be in the future, got 2026-11-23, "
            'and today is 2026-11-22; write expanding_from = "2026-11-22" or earlier',
        ),
        (
            'lag_days = 2, expanding_from = "2026-11-21"',
            "43: window-too-long window has no days yet: it ends 2 days before today, and begins on 2026-11-21; "
            'write expanding_from = "2026-11-20" or earlier',
        ),
        (
            'expanding_from = "2016-11-21"',
            "29: window-too-long window must have at most 3,653 days, and has 3,654 from 2016-11-21 to today; "
            'write expanding_from = "2016-11-22" or later',
        ),
        (
            "months = 2, holdout_days = 59",
            "39: holdout-too-long window.holdout_days must be below the 59 days of the window, got 59; "
            "write holdout_days = 1",
        ),
        (
            "weeks = 2, min_days = 15",
            "34: min-days-too-many window.min_days must be at most the 14 days of the window, got 15; "
            "write min_days = 14",
        ),
        ("days = true", "19: wrong-type window.days must be a whole number, got true; write window = { days = 7 }"),
        (
            'days = 7, start = "2026-11-01", end = "2026-11-07"',
            "19: window-mixed window.days cannot be combined with start and end; "
            "write window = { days = 7 } or window = { start = …, end = … }",
        ),
        (
            'start = "2026-11-01"',
            '20: window-half window.start needs window.end; add end = "2026-11-01"',
        ),
        (
            'end = "2026-11-01"',
            '18: window-half window.end needs window.start; add start = "2026-11-01"',
        ),
        (
            'start = "2026-11-09", end = "2026-11-01"',
            "20: window-reversed window.start must not be after window.end, got 2026-11-09 and 2026-11-01; "
            'write start = "2026-11-01", end = "2026-11-09"',
        ),
        (
            'start = "2026-11-01", end = "2026-11-23"',
            "40: window-in-future window.end must not be in the future, got 2026-11-23, and today is 2026-11-22; "
            'write end = "2026-11-22" or earlier',
        ),
        (
            'start = "2015-01-01", end = "2025-01-01"',
            '40: window-too-long window must have at most 3,653 days, got 3,654; write end = "2024-12-31" or earlier',
        ),
        (
            'start = "2026-11-01", end = "2026-11-07", lag_days = 1',
            "65: window-mixed window.lag_days cannot be combined with start and end; remove it",
        ),
        (
            "days = 3, holdout_days = 3",
            "37: holdout-too-long window.holdout_days must be below the 3 days of the window, got 3; "
            "write holdout_days = 1",
        ),
        (
            "min_days = 8",
            "23: min-days-too-many window.min_days must be at most the 7 days of the window, got 8; write min_days = 7",
        ),
        (
            "days = 7, holdout_days = 2, min_days = 2",
            "51: min-days-too-few window.min_days must be above holdout_days (2), got 2; "
            "write min_days = 3, or remove it",
        ),
        (
            'timezone = "Europe/Atlantis"',
            "23: unknown-time-zone window.timezone must be a name from the IANA time zone database, "
            'got "Europe/Atlantis"; '
            'write window = { days = 7, timezone = "Europe/Berlin" }',
        ),
        (
            'timezone = "localtime"',
            '23: unknown-time-zone window.timezone must be a name from the IANA time zone database, got "localtime"; '
            'write window = { days = 7, timezone = "Europe/Berlin" }',
        ),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(tmp_path: Path, window: str, expected: str) -> None:
    assert problem(tmp_path, f"window = {{ {window} }}\n") == expected


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-2-3", "20261101", "2026-11-01T00:00:00", "01.11.2026", "today", ""]
)
def test_a_date_is_a_real_one_and_written_in_full(tmp_path: Path, day: str) -> None:
    found = problem(tmp_path, f'window = {{ start = "2026-11-01", end = "{day}" }}\n')
    assert f'window.end must be a valid date in the form YYYY-MM-DD, got "{day}"' in found


@pytest.mark.parametrize(
    ("window", "start", "end"),
    [
        ('start = "2024-02-29", end = "2024-02-29"', date(2024, 2, 29), date(2024, 2, 29)),
        ('start = "2024-01-01", end = "2024-12-31"', date(2024, 1, 1), date(2024, 12, 31)),
        ('start = "2026-11-22", end = "2026-11-22"', NOW.date(), NOW.date()),
    ],
)
def test_a_pinned_window_may_be_a_day_a_leap_year_or_today(tmp_path: Path, window: str, start: date, end: date) -> None:
    found = load(tmp_path, f"{MINIMAL}window = {{ {window} }}\n").window
    assert (found.pinned, found.start, found.end) == (True, start, end)


@pytest.mark.parametrize(
    ("now", "zone", "today"),
    [
        ("2026-11-22T11:30:00", "Pacific/Auckland", "2026-11-23"),
        ("2026-11-22T10:30:00", "Pacific/Auckland", "2026-11-22"),
        ("2026-11-22T04:59:00", "America/New_York", "2026-11-21"),
        ("2026-11-22T23:59:00", "UTC", "2026-11-22"),
    ],
)
def test_today_is_the_day_on_the_clocks_of_the_window(tmp_path: Path, now: str, zone: str, today: str) -> None:
    moment = datetime.fromisoformat(f"{now}+00:00")

    def text(end: str) -> str:
        return f'{MINIMAL}window = {{ start = "2026-11-01", end = "{end}", timezone = "{zone}" }}\n'

    assert pipeline.load(write(tmp_path, text(today)), moment).window.pinned
    tomorrow = date.fromisoformat(today) + timedelta(days=1)
    where = "" if zone == "UTC" else f" in {zone}"
    with pytest.raises(InvalidPipeline) as raised:
        pipeline.load(write(tmp_path, text(str(tomorrow))), moment)
    assert str(raised.value).partition("window-in-future ")[2] == (
        f"window.end must not be in the future, got {tomorrow}, and today is {today}{where}; "
        f'write end = "{today}" or earlier'
    )


@pytest.mark.parametrize("moment", [datetime.min, datetime.max])
def test_at_the_ends_of_the_calendar_nothing_is_in_the_future(tmp_path: Path, moment: datetime) -> None:
    zones = 'window = { start = "2026-11-01", end = "2026-11-02", timezone = "Pacific/Auckland" }\n'
    for zone in ("Pacific/Auckland", "America/New_York"):
        with suppress(InvalidPipeline):
            pipeline.load(
                write(tmp_path, MINIMAL + zones.replace("Pacific/Auckland", zone)), moment.replace(tzinfo=UTC)
            )


def test_without_a_day_that_is_today_the_future_is_allowed(tmp_path: Path) -> None:
    ref = write(tmp_path, f'{MINIMAL}window = {{ start = "2999-01-01", end = "2999-01-02" }}\n')
    assert pipeline.load(ref).window.pinned


def test_min_days_that_is_not_written_follows_the_holdout(tmp_path: Path) -> None:
    assert load(tmp_path, f"{MINIMAL}window = {{ holdout_days = 2 }}\n").window == Window(holdout_days=2)

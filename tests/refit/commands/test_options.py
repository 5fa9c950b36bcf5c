"""Times, days and windows in options: strict, never a guess."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from refit.commands.options import parse_day, parse_time, parse_window
from refit.errors import RefitError


@pytest.mark.parametrize("text", ["2026-11-22", "2026-11-22T06:00:00", "yesterday", ""])
def test_an_instant_needs_its_zone(text: str) -> None:
    with pytest.raises(RefitError, match="not a time with a time zone"):
        parse_time(text)


def test_an_instant_may_name_any_zone() -> None:
    assert parse_time("2026-11-22T06:00:00+02:00") == datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-02-29", "20261122", "2026-W47-7", "22.11.2026", "2026-11-22 ", ""])
def test_a_day_is_a_real_date_written_strictly(text: str) -> None:
    with pytest.raises(RefitError, match="is not a date"):
        parse_day(text, "--day")


def test_a_window_includes_both_its_days() -> None:
    assert parse_window("2026-11-16..2026-11-22") == (date(2026, 11, 16), date(2026, 11, 22))
    assert parse_window("2026-11-16..2026-11-16") == (date(2026, 11, 16), date(2026, 11, 16))


@pytest.mark.parametrize("text", ["2026-11-16", "2026-11-22..2026-11-16", "2026-11-16..", "..", "2026-11-16..soon"])
def test_a_window_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(RefitError):
        parse_window(text)

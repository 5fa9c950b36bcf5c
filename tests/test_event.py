"""The event that a run starts from: strict instants and dates, never a guess."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from driver.commands.event import event, parse_day, parse_time, parse_window
from driver.errors import RefitError


def test_an_event_carries_the_instant_in_utc() -> None:
    time = datetime(2026, 11, 22, 8, 30, 0, 999, timezone(timedelta(hours=2, minutes=30)))
    assert event(time) == {"source": "refit.schedule", "time": "2026-11-22T06:00:00Z", "detail": {}}


def test_overrides_travel_in_the_detail() -> None:
    made = event(
        datetime(2026, 1, 1, tzinfo=UTC), window=(date(2025, 12, 1), date(2025, 12, 7)), commit="abc", force=True
    )
    assert made["detail"] == {
        "window": {"start": "2025-12-01", "end": "2025-12-07"},
        "commit": "abc",
        "force": True,
    }


def test_a_redeployment_is_asked_for_alone() -> None:
    assert event(datetime(2026, 1, 1, tzinfo=UTC), redeploy=True)["detail"] == {"redeploy": True}
    with pytest.raises(RefitError, match="trains nothing"):
        event(datetime(2026, 1, 1, tzinfo=UTC), redeploy=True, force=True)


@pytest.mark.parametrize("text", ["2026-11-22", "2026-11-22T06:00:00", "yesterday", ""])
def test_an_instant_needs_its_zone(text: str) -> None:
    with pytest.raises(RefitError, match="not an instant with a time zone"):
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

"""The time at which a run starts after data has arrived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lambdas.arrival.quiet_period import MINUTE, Debounce, Planned, start_after

PATIENCE = Debounce(quiet=15 * MINUTE, longest=120 * MINUTE)

patiences = st.integers(1, 1440).flatmap(
    lambda quiet: st.builds(Debounce, st.just(quiet * MINUTE), st.integers(quiet, 1440).map(lambda each: each * MINUTE))
)
gaps = st.lists(st.timedeltas(timedelta(0), timedelta(minutes=20)), min_size=1, max_size=60)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-22T{text}").replace(tzinfo=UTC)


def starts(arrivals: list[datetime], patience: Debounce) -> list[datetime]:
    """The planned start after each arrival, if the event arrives immediately."""
    planned, stood = None, []
    for arrived in arrivals:
        start = start_after(arrived, arrived, planned, patience)
        planned = Planned(start, arrived if planned is None or planned.is_due(arrived) else planned.since)
        stood.append(start)
    return stood


def arrivals_of(waits: list[timedelta]) -> list[datetime]:
    first = at("06:00:17")
    return [first + sum(waits[:index], timedelta(0)) for index in range(1, len(waits) + 1)]


def test_a_run_starts_at_the_minute_after_which_there_was_quiet() -> None:
    assert start_after(at("06:00:17"), at("06:00:18"), None, PATIENCE) == at("06:16:00")
    assert start_after(at("06:00:00"), at("06:00:01"), None, PATIENCE) == at("06:15:00")


def test_more_data_puts_the_start_off() -> None:
    planned = Planned(at("06:16:00"), at("06:00:18"))
    assert start_after(at("06:09:30"), at("06:09:31"), planned, PATIENCE) == at("06:25:00")


def test_data_of_the_same_minute_leaves_the_start_where_it_is() -> None:
    planned = Planned(at("06:16:00"), at("06:00:18"))
    assert start_after(at("06:00:59"), at("06:00:59"), planned, PATIENCE) == planned.start


def test_data_that_keeps_coming_puts_it_off_for_the_longest_wait_and_no_more() -> None:
    first = at("06:00:18")
    assert start_after(at("07:50:00"), at("07:50:01"), Planned(at("07:58:00"), first), PATIENCE) == at("08:01:00")
    assert start_after(at("08:00:30"), at("08:00:31"), Planned(at("08:01:00"), first), PATIENCE) == at("08:01:00")


def test_an_event_that_comes_late_starts_the_run_in_the_next_minutes() -> None:
    assert start_after(at("06:00:17"), at("09:00:01"), None, PATIENCE) == at("09:02:00")


def test_a_plan_whose_minute_has_come_counts_no_more() -> None:
    planned = Planned(at("06:16:00"), at("06:00:18"))
    assert start_after(at("06:20:10"), at("06:20:11"), planned, PATIENCE) == at("06:36:00")


def test_a_plan_is_left_alone_while_it_starts_the_run() -> None:
    planned = Planned(at("06:16:00"), at("06:00:18"))
    moments = ("06:15:59", "06:16:00", "06:17:59", "06:18:00")
    assert [planned.is_starting(at(moment)) for moment in moments] == [False, True, True, False]


@given(gaps, patiences)
def test_a_start_is_never_later_than_the_longest_wait_after_the_first_arrival(
    waits: list[timedelta], patience: Debounce
) -> None:
    arrivals = arrivals_of(waits)
    first, due = arrivals[0], None
    for arrived, start in zip(arrivals, starts(arrivals, patience), strict=True):
        first = arrived if due is not None and due <= arrived else first
        assert arrived + patience.quiet <= start or start >= first + patience.longest
        assert start < first + patience.longest + MINUTE
        due = start


@given(gaps, patiences)
def test_a_start_is_never_moved_back(waits: list[timedelta], patience: Debounce) -> None:
    stood = starts(arrivals_of(waits), patience)
    assert stood == sorted(stood)


@given(gaps, patiences)
def test_a_start_is_moved_once_a_minute_at_most(waits: list[timedelta], patience: Debounce) -> None:
    arrivals = arrivals_of(waits)
    moved = len(set(starts(arrivals, patience)))
    assert moved <= (arrivals[-1] - arrivals[0]) / MINUTE + 2


@given(st.datetimes(max_value=datetime(2100, 1, 1), timezones=st.just(UTC)), gaps, patiences)
def test_a_new_start_is_in_the_future_and_on_a_whole_minute(
    arrived: datetime, delays: list[timedelta], patience: Debounce
) -> None:
    now = arrived + delays[0]
    start = start_after(arrived, now, None, patience)
    assert start >= now + MINUTE
    assert (start.second, start.microsecond) == (0, 0)

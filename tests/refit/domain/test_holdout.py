"""The days that are held out, and the number of days that a run needs."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from refit.domain.holdout import days_needed, split_holdout
from tests.support.windows import days_between, settings


def test_the_holdout_is_the_newest_days_that_have_data() -> None:
    late = [date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)]
    assert split_holdout(late, 1) == (late[:2], late[2:])
    assert split_holdout(late, 0) == (late, [])


@given(st.lists(days_between, unique=True), st.integers(0, 40))
def test_the_holdout_takes_what_it_needs_and_training_the_rest(days: list[date], holdout: int) -> None:
    train, validation = split_holdout(days, holdout)
    assert train + validation == sorted(days)
    assert len(validation) == min(holdout, len(days))


@given(st.integers(1, 365), st.integers(0, 364))
def test_the_days_that_a_run_needs_always_leave_one_to_train_on(min_days: int, holdout_days: int) -> None:
    needed = days_needed(settings(min_days=min_days, holdout_days=holdout_days))
    days = [date(2026, 1, 1) + timedelta(days=offset) for offset in range(needed)]
    assert needed >= min_days
    assert split_holdout(days, holdout_days)[0]

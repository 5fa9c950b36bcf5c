"""The rules for whole days, and what a breach says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.domain.data_contract import Column, Contract
from refit.domain.data_quality import Breach, DayQuality, Rule, WindowQuality, judge, shown
from refit.domain.day_statistics import ColumnStatistics, DayStatistics
from tests.refit.domain.test_data_drift import normal
from tests.refit.domain.test_day_statistics import days

DAY = "2026-11-01"
breaches = st.builds(
    Breach,
    st.sampled_from(Rule),
    st.text(max_size=5),
    st.text(max_size=5),
    st.none() | st.text(max_size=5),
    st.none() | st.text(max_size=5),
    st.none() | st.integers(1),
    st.integers(1),
)
qualities = st.builds(DayQuality, days, st.lists(breaches, max_size=3).map(tuple))
windows = st.builds(
    WindowQuality,
    st.dictionaries(st.dates().map(str), qualities, max_size=3),
    st.lists(st.dates().map(str), max_size=2).map(tuple),
)


def judged(day: DayStatistics, contract: Contract, rows: list[int] | None = None, champion=None) -> list[str]:
    return [str(breach) for breach in judge({DAY: day}, contract, rows or [], champion)[DAY]]


@given(windows)
def test_the_results_of_a_window_survive_json(window: WindowQuality) -> None:
    assert WindowQuality.from_document(json.loads(json.dumps(window.to_document(), allow_nan=False))) == window


@given(st.integers(0, 1_000), st.integers(1, 1_000), st.lists(st.integers(0, 1_000), max_size=9), st.floats(0, 3))
def test_a_day_is_judged_by_the_numbers_of_its_rows(rows: int, least: int, usual: list[int], change: float) -> None:
    contract = Contract((), min_rows=least, max_row_change=change)
    found = {breach.rule for breach in judge({DAY: DayStatistics(rows)}, contract, usual)[DAY]}
    assert (Rule.MIN_ROWS in found) == (rows < least)
    ordered = sorted(usual)
    median = (ordered[(len(usual) - 1) // 2] + ordered[len(usual) // 2]) / 2 if usual else 0
    assert (Rule.MAX_ROW_CHANGE in found) == (median > 0 and abs(rows - median) > change * median)


def test_the_rules_for_rows_say_what_was_expected() -> None:
    contract = Contract((), min_rows=100, max_row_change=0.5)
    assert judged(DayStatistics(40), contract, [100, 90, 300]) == [
        "40 rows, below rows.min = 100",
        "40 rows, more than rows.max_change = 0.5 from the median of the last runs, 100",
    ]
    assert judged(DayStatistics(100), contract, [100, 90, 300]) == []
    assert judged(DayStatistics(160), contract) == []  # no run before


@pytest.mark.parametrize(("nulls", "is_bad"), [(0, False), (10, False), (11, True)])
def test_a_column_may_lack_a_share_of_its_values(nulls: int, is_bad: bool) -> None:
    contract = Contract((Column("x", required=False, max_nulls=0.1), Column("absent", max_nulls=0)))
    found = judge({DAY: DayStatistics(100, {"x": ColumnStatistics(100 - nulls, nulls)})}, contract)[DAY]
    expected = Breach(Rule.MAX_NULLS, "11.00% of the rows have no value", "above max_nulls = 0.1", "x", count=11)
    assert found == ((expected,) if is_bad else ())


def test_a_shift_from_the_champions_data_is_a_breach_only_by_a_rule() -> None:
    champion, now = DayStatistics(2_000, {"x": normal(0)}), DayStatistics(2_000, {"x": normal(1, seed=1)})
    (breach,) = judge({DAY: now}, Contract((Column("x"),), max_psi=0.25), (), champion)[DAY]
    assert (breach.rule, breach.column) == (Rule.MAX_PSI, "x")
    assert str(breach).startswith("x: population stability index 0.")
    assert str(breach).endswith(", above drift.max_psi = 0.25")
    assert judged(now, Contract((Column("x"),)), champion=champion) == []
    assert judged(now, Contract((Column("x"),), max_psi=0.25)) == []
    assert judged(now, Contract((Column("x"),), max_psi=0.25), champion=now) == []


def test_a_breach_says_where_the_first_row_is_and_how_many_there_are() -> None:
    breach = Breach(Rule.MIN, "-1", "below min = 0", "crim", "data/2026-11-01.csv", 17)
    assert str(breach) == "crim: -1, below min = 0 (row 17 of data/2026-11-01.csv)"
    many = Breach(Rule.MIN, "-1", "below min = 0", "crim", "a\nb.csv", 1_700, 2_500)
    assert str(many) == "crim: -1, below min = 0 (2,500 rows, first row 1,700 of 'a\\nb.csv')"
    broken = Breach(Rule.FORMAT, "no magic bytes", "cannot be read as parquet", None, "a", None, 2)
    assert str(broken) == "no magic bytes, cannot be read as parquet (2 objects, first a)"


def test_bad_days_are_those_with_breaches() -> None:
    good, bad = DayQuality(DayStatistics(1)), DayQuality(DayStatistics(1), (Breach(Rule.TYPE, "a", "b"),))
    assert WindowQuality({"2026-11-03": bad, "2026-11-01": bad, "2026-11-02": good}).bad_days == (
        "2026-11-01",
        "2026-11-03",
    )


def test_days_that_a_run_left_out_are_not_what_it_trained_on() -> None:
    found = WindowQuality({day: DayQuality(DayStatistics(1)) for day in ("2026-11-01", "2026-11-02")}, ("2026-11-01",))
    assert found.trained == {"2026-11-02": DayStatistics(1)}


def test_a_value_is_shown_in_one_short_line() -> None:
    assert shown("a\x1b[1m") == "a\\x1b[1m"
    assert shown("x" * 100) == "x" * 80 + "…"
    assert shown(1.5) == "1.5"

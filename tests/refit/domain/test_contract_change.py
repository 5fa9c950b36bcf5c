"""Days that a run has measured are judged by another contract, without their data."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from refit.domain.contract_change import rejudged
from refit.domain.data_contract import Column, Contract
from refit.domain.data_quality import Breach, DayQuality, Rule, WindowQuality
from refit.domain.day_statistics import DayStatistics
from refit.quality.measure import measure_day
from tests.refit.domain.test_day_statistics import numbers, texts

DAY = "2026-11-01"


def said(contract: Contract, *breaches: Breach) -> list[str]:
    columns = {"x": numbers([-1.0, 5.0], 1), "kind": texts({"a": 2, "b": 1})}
    found = WindowQuality({DAY: DayQuality(DayStatistics(3, columns), breaches)})
    return [str(one) for one in rejudged(found, contract)[DAY]]


def test_new_limits_are_compared_with_what_a_day_had() -> None:
    column = Column("x", "number", True, 0, 4, ("5", "3"))
    assert said(Contract((column, Column("kind", "text", allowed=("a",)), Column("new")), min_rows=10)) == [
        "x: no value, but required",
        "x: -1, below min = 0",
        "x: 5, above max = 4",
        "x: -1, not one of the allowed 5, 3",
        "kind: b, not one of the allowed a",
        "3 rows, below rows.min = 10",
    ]
    kept = Column("x", required=False, min=-1, max=5), Column("kind", "text", allowed=("a", "b"))
    assert said(Contract(kept)) == []


def test_rows_of_another_type_stay_what_they_were() -> None:
    wrong = Breach(Rule.TYPE, "?", "not a finite number", "x", "a.csv", 2)
    gone = Breach(Rule.TYPE, "?", "not a finite number", "old", "a.csv", 2)
    low = Breach(Rule.MIN, "-1", "below min = 0", "x", "a.csv", 1)
    assert said(Contract((Column("x", required=False),)), wrong, gone, low) == [str(wrong)]


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=30), st.integers(-20, 20), st.integers(-20, 20))
def test_the_statistics_say_the_same_as_the_rows(values: list[int], low: int, high: int) -> None:
    content = "".join(f"{value}\n" for value in values).encode()

    def measured(contract: Contract) -> tuple[DayStatistics, tuple[Breach, ...]]:
        return measure_day([("a", io.BytesIO(content))], contract)

    contract = Contract((Column("x", min=low, max=high),))
    statistics, _ = measured(Contract((Column("x"),)))
    found = rejudged(WindowQuality({DAY: DayQuality(statistics)}), contract)[DAY]
    assert {one.rule for one in found} == {one.rule for one in measured(contract)[1]}

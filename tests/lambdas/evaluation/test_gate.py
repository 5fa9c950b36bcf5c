"""The gate: the models that it accepts and rejects, and its reasons."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.evaluation.gate import Champion, Limits, judge
from refit.domain.metrics import HIGHER_IS_BETTER, LOWER_IS_BETTER

MODEL = "home-prices-20261121-ffffffff"
numbers = st.floats(0, 1e6)
metrics = st.sampled_from(sorted(LOWER_IS_BETTER | HIGHER_IS_BETTER)).map("validation:{}".format)
optional = st.none() | numbers


def limits(metric: str = "validation:mse", **declared: Any) -> Limits:
    none = {"max": None, "min": None, "max_regression": None}
    return {"metric": metric, "sample_rows": 1000, **none, **declared}


def champion(value: float | None, note: str = "", rows: int = 506) -> Champion:
    return Champion(value, MODEL, rows, all_rows=True, note=note)


class TestWhatIsSaid:
    def test_within_the_absolute_limit(self) -> None:
        assert judge(limits(max=60), 21.4, None) == {
            "decision": "Accepted",
            "reason": "validation:mse is 21.4: meets max = 60",
            "metric": "validation:mse",
            "challenger": 21.4,
            "champion": None,
            "champion_model": None,
            "rows": 0,
            "incomparable": None,
        }

    def test_beyond_the_absolute_limit(self) -> None:
        assert judge(limits(max=60), 60.5, None)["reason"] == "validation:mse is 60.5: above max = 60"
        low = judge(limits("validation:accuracy", min=0.8), 0.75, None)
        assert (low["decision"], low["reason"]) == ("Rejected", "validation:accuracy is 0.75: below min = 0.8")

    def test_worse_than_the_champion_allows(self) -> None:
        assert judge(limits(max=60, max_regression=0.1), 24.5, champion(20.1)) == {
            "decision": "Rejected",
            "reason": "validation:mse is 24.5: meets max = 60; worse than 22.11, the limit for max_regression = 0.1: "
            f"the live model {MODEL} has 20.1 on all 506 held-out rows",
            "metric": "validation:mse",
            "challenger": 24.5,
            "champion": 20.1,
            "champion_model": MODEL,
            "rows": 506,
            "incomparable": None,
        }

    def test_as_good_as_the_champion_on_a_sample(self) -> None:
        asked = Champion(0.92, None, 1000, all_rows=False, note="3 lines left out")
        assert judge(limits("validation:accuracy", max_regression=0.05), 0.9, asked)["reason"] == (
            "validation:accuracy is 0.9: not worse than 0.874, the limit for max_regression = 0.05: the live model "
            "(its name is unknown) has 0.92 on 1,000 held-out rows (3 lines left out)"
        )

    def test_no_live_model(self) -> None:
        none = Champion(None, None, 0, all_rows=False, note="the endpoint home-prices is Failed", is_live=False)
        answer = judge(limits(max_regression=0.1), 24.5, none)
        assert answer["reason"] == (
            "validation:mse is 24.5: not compared with a live model: the endpoint home-prices is Failed"
        )
        assert (answer["decision"], answer["champion"], answer["incomparable"]) == ("Accepted", None, None)

    @pytest.mark.parametrize(("declared", "decision"), [("reject", "Rejected"), ("accept", "Accepted")])
    def test_a_champion_that_could_not_be_measured(self, declared: str, decision: str) -> None:
        unmeasured = champion(None, "the live model rejected the rows (400): 13 features", rows=0)
        answer = judge(limits(max=60, max_regression=0.1, on_incomparable=declared), 24.5, unmeasured)
        assert answer["reason"] == (
            f"validation:mse is 24.5: meets max = 60; could not be compared with the live model {MODEL}, and "
            f'on_incomparable = "{declared}": the live model rejected the rows (400): 13 features'
        )
        assert (answer["decision"], answer["champion"], answer["champion_model"]) == (decision, None, MODEL)
        assert answer["incomparable"] == unmeasured.note

    def test_a_champion_whose_name_is_unknown_and_an_execution_that_started_before_the_upgrade(self) -> None:
        unmeasured = Champion(None, None, 0, all_rows=False, note="there are no rows to measure it on")
        answer = judge(limits(max_regression=0.1), 24.5, unmeasured)
        assert answer["decision"] == "Rejected"
        assert (
            'could not be compared with the live model, and on_incomparable = "reject": there are' in answer["reason"]
        )

    def test_numbers_that_differ_never_read_the_same(self) -> None:
        assert judge(limits(max=60), 60.0004, None)["reason"] == "validation:mse is 60.0004: above max = 60"
        told = judge(limits(max_regression=0), 20.10001, champion(20.1))["reason"]
        assert told.startswith("validation:mse is 20.10001: worse than 20.1, the limit for max_regression = 0")

    @given(challenger=numbers, worst=numbers)
    def test_the_challenger_and_its_limit(self, challenger: float, worst: float) -> None:
        told = judge(limits(max_regression=0.0), challenger, champion(worst))["reason"]
        mine = told.removeprefix("validation:mse is ").partition(":")[0]
        allowed = told.partition("than ")[2].partition(", the limit")[0]
        assert (mine == allowed) == (challenger == worst)


class TestWhatIsDecided:
    @given(challenger=numbers, most=optional, least=optional)
    def test_absolute_limits_include_what_they_name(
        self, challenger: float, most: float | None, least: float | None
    ) -> None:
        good = (most is None or challenger <= most) and (least is None or challenger >= least)
        decision = judge(limits(max=most, min=least), challenger, None)["decision"]
        assert decision == ("Accepted" if good else "Rejected")

    @given(metric=metrics, value=numbers, regression=st.floats(0, 2))
    def test_an_equal_is_never_rejected(self, metric: str, value: float, regression: float) -> None:
        assert judge(limits(metric, max_regression=regression), value, champion(value))["decision"] == "Accepted"

    @given(metric=metrics, value=numbers, better=numbers, regression=st.floats(0, 2))
    def test_a_better_one_is_never_rejected(self, metric: str, value: float, better: float, regression: float) -> None:
        direction = max if metric.rpartition(":")[2] in HIGHER_IS_BETTER else min
        answer = judge(limits(metric, max_regression=regression), direction(value, better), champion(value))
        assert answer["decision"] == "Accepted"

    @pytest.mark.parametrize(
        ("metric", "challenger", "decision"),
        [
            ("validation:mse", 110, "Accepted"),
            ("validation:mse", 110.1, "Rejected"),
            ("validation:rmse", 111, "Rejected"),
            ("validation:absolute_loss", 111, "Rejected"),
            ("validation:mae", 111, "Rejected"),
            ("validation:accuracy", 90, "Accepted"),
            ("validation:accuracy", 89.9, "Rejected"),
            ("validation:multiclass_accuracy", 89, "Rejected"),
            ("validation:binary_classification_accuracy", 89, "Rejected"),
        ],
    )
    def test_a_regression_of_a_tenth(self, metric: str, challenger: float, decision: str) -> None:
        assert judge(limits(metric, max_regression=0.1), challenger, champion(100.0))["decision"] == decision

    @given(value=st.sampled_from([None, math.nan, math.inf, -math.inf]), challenger=numbers, most=numbers)
    def test_a_champion_without_a_finite_metric_leaves_the_absolute_limit_or_rejects(
        self, value: float | None, challenger: float, most: float
    ) -> None:
        declared = limits(max=most, max_regression=0.1)
        unmeasured = champion(value, "it did not answer")
        accepting = judge({**declared, "on_incomparable": "accept"}, challenger, unmeasured)
        assert accepting["decision"] == judge(limits(max=most), challenger, None)["decision"]
        rejecting = judge({**declared, "on_incomparable": "reject"}, challenger, unmeasured)
        assert rejecting["decision"] == "Rejected"
        for answer in (accepting, rejecting):
            assert "could not be compared with the live model" in answer["reason"]
            assert (answer["champion"], answer["rows"]) == (None, 0)
            assert answer["incomparable"]

    @given(challenger=numbers, most=numbers)
    def test_without_a_live_model_the_absolute_limit_decides_whatever_on_incomparable_is(
        self, challenger: float, most: float
    ) -> None:
        none = Champion(None, None, 0, all_rows=False, note="no model has served yet", is_live=False)
        declared = limits(max=most, max_regression=0.1, on_incomparable="reject")
        assert judge(declared, challenger, none)["decision"] == judge(limits(max=most), challenger, None)["decision"]

    def test_a_champion_whose_metric_is_not_finite_is_said_so(self) -> None:
        reason = judge(limits(max_regression=0.1), 1.0, champion(math.nan))["reason"]
        assert reason.endswith('and on_incomparable = "reject": its validation:mse is nan')

    def test_either_limit_rejects(self) -> None:
        for most, beside in ((10, 100.0), (1000, 1.0)):
            answer = judge(limits(max=most, max_regression=0.1), 50.0, champion(beside))
            assert answer["decision"] == "Rejected"

"""Metrics, computed from labels and predictions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.domain.metrics import COMPUTED, HIGHER_IS_BETTER, LOWER_IS_BETTER, NotComparable, kind, measure
from refit.domain.predictions import Prediction

LABELS = [1.0, 2.0, 4.0]
SCORES = [Prediction(score, None) for score in (1.0, 4.0, 3.0)]  # off by 0, 2 and 1
ACCURACIES = ["accuracy", "binary_classification_accuracy", "multiclass_accuracy"]
ERRORS = ["absolute_loss", "mae", "mse", "rmse"]


def test_the_channel_is_not_part_of_the_kind() -> None:
    assert [kind(name) for name in ("validation:mse", "mse", "a:b:mae")] == ["mse", "mse", "mae"]


@pytest.mark.parametrize(
    ("metric", "value"),
    [("validation:mse", 5 / 3), ("rmse", math.sqrt(5 / 3)), ("absolute_loss", 1.0), ("validation:mae", 1.0)],
)
def test_errors(metric: str, value: float) -> None:
    assert measure(metric, LABELS, SCORES) == pytest.approx(value)


@pytest.mark.parametrize("metric", ACCURACIES)
def test_accuracies_go_by_the_predicted_label(metric: str) -> None:
    answers = [Prediction(None, 1.0), Prediction(0.9, 2.0), Prediction(0.9, 1.0)]
    assert measure(metric, LABELS, answers) == pytest.approx(2 / 3)


@pytest.mark.parametrize("metric", ACCURACIES)
def test_a_bare_number_is_the_class_or_its_probability(metric: str) -> None:
    assert measure(metric, LABELS, SCORES) == pytest.approx(1 / 3)
    probabilities = [Prediction(score, None) for score in (0.5, 0.49, 0.51, 0.2, 1.0)]
    assert measure(metric, [1, 0, 0, 1, 1], probabilities) == pytest.approx(3 / 5)


@pytest.mark.parametrize(("label", "score"), [(2.0, 0.7), (1.0, 1.5), (0.0, -0.5), (0.0, math.nan), (0.0, math.inf)])
def test_a_number_that_is_neither_cannot_be_compared(label: float, score: float) -> None:
    with pytest.raises(NotComparable, match="class"):
        measure("accuracy", [label], [Prediction(score, None)])


def test_what_the_answers_do_not_tell_cannot_be_compared() -> None:
    with pytest.raises(NotComparable, match="has no single numeric score"):
        measure("mse", [1.0], [Prediction(None, 1.0)])
    with pytest.raises(NotComparable, match="has no single numeric score"):
        measure("mse", [1.0], [Prediction(0.7, None, (0.3, 0.7))])
    with pytest.raises(NotComparable, match="a prediction is the class 'yes', but those of the rows are numbers"):
        measure("accuracy", [1.0], [Prediction(0.9, "yes")])
    with pytest.raises(NotComparable, match="no rows"):
        measure("mse", [], [])
    with pytest.raises(NotComparable, match="validation:f1 cannot be computed"):
        measure("validation:f1", [1.0], [Prediction(1.0, None)])


@given(labels=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1), data=st.data())
def test_any_answers_give_a_number_and_no_error(labels: list[float], data: st.DataObject) -> None:
    answers = [Prediction(data.draw(st.floats()), None) for _ in labels]
    for metric in ERRORS:
        assert not measure(metric, labels, answers) < 0


@given(labels=st.lists(st.floats(-1e6, 1e6), min_size=1))
def test_a_model_that_knows_has_no_error_and_is_always_right(labels: list[float]) -> None:
    classes = [float(round(label)) for label in labels]
    known = [Prediction(label, label) for label in classes]
    assert {measure(metric, classes, known) for metric in (*ERRORS, "error", "merror")} == {0.0}
    assert {measure(metric, classes, known) for metric in ACCURACIES} == {1.0}


def test_every_metric_that_is_computed_has_a_direction() -> None:
    assert set(COMPUTED) <= HIGHER_IS_BETTER | LOWER_IS_BETTER
    assert HIGHER_IS_BETTER.isdisjoint(LOWER_IS_BETTER)


def test_an_error_is_what_an_accuracy_lacks() -> None:
    probabilities = [Prediction(score) for score in (0.6, 0.4, 0.7, 0.2)]
    assert measure("validation:error", [1, 0, 0, 1], probabilities) == pytest.approx(1 / 2)
    assert measure("merror", LABELS, SCORES) == pytest.approx(2 / 3)


def test_the_scores_of_all_classes_choose_the_highest() -> None:
    answers = [Prediction(0.7, None, (0.1, 0.2, 0.7)), Prediction(0.5, None, (0.5, 0.3, 0.2))]
    assert measure("merror", [2.0, 1.0], answers) == 0.5
    assert measure("accuracy", [2.0, 0.0], answers) == 1.0
    expected = -(math.log(0.7) + math.log(0.3)) / 2
    assert measure("mlogloss", [2.0, 1.0], answers) == pytest.approx(expected)


def test_the_log_loss_is_finite_where_a_probability_is_0() -> None:
    answers = [Prediction(0.8), Prediction(0.0)]
    assert measure("logloss", [1.0, 1.0], answers) == pytest.approx((-math.log(0.8) - math.log(1e-16)) / 2)
    assert measure("logloss", [1.0, 0.0], answers) == pytest.approx(-math.log(0.8) / 2)


@pytest.mark.parametrize(
    ("metric", "label", "answer", "reason"),
    [
        ("logloss", 1.0, Prediction(1.5), "the prediction 1.5 for a row of class 1 is not a probability"),
        ("logloss", 2.0, Prediction(0.5), "for a row of class 2 is not a probability"),
        ("mlogloss", 2.0, Prediction(0.5), "no probability of the class 2"),
        ("mlogloss", 2.0, Prediction(0.6, None, (0.4, 0.6)), "no probability of the class 2"),
        ("mlogloss", 0.5, Prediction(0.6, None, (0.4, 0.6)), "no probability of the class 0.5"),
        ("auc", 1.0, Prediction(0.5), "only of one of them"),
        ("auc", 2.0, Prediction(0.5), "not of the classes 0 and 1"),
    ],
)
def test_what_is_no_probability_has_no_such_loss(metric: str, label: float, answer: Prediction, reason: str) -> None:
    with pytest.raises(NotComparable, match=reason):
        measure(metric, [label], [answer])


@given(rows=st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.integers(0, 5)), min_size=2))
def test_the_area_under_the_curve_is_the_share_of_pairs_in_order(rows: list[tuple[float, int]]) -> None:
    ones, zeros = ([score for label, score in rows if label == one] for one in (1, 0))
    if not ones or not zeros:
        return
    pairs = [(one > zero) + (one == zero) / 2 for one in ones for zero in zeros]
    found = measure("validation:auc", [label for label, _ in rows], [Prediction(float(score)) for _, score in rows])
    assert found == pytest.approx(sum(pairs) / len(pairs))

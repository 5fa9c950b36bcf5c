"""The container's own metrics are those of scikit-learn, from which it takes them."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sklearn

from refit.embedded_cloud.xgboost.custom_metrics import CUSTOM, classes

RANDOM = np.random.default_rng(3)
TWO = (RANDOM.integers(0, 2, 200).astype(float), RANDOM.random(200))
THREE = (RANDOM.integers(0, 3, 200).astype(float), RANDOM.dirichlet([1, 1, 1], 200))


@pytest.mark.parametrize("rows", [TWO, THREE], ids=["two classes", "three classes"])
def test_metrics_of_classes(rows: tuple[np.ndarray, np.ndarray]) -> None:
    labels, scores = rows
    predicted = classes(scores)
    assert {name: CUSTOM[name](labels, scores) for name in ("accuracy", "balanced_accuracy", "f1", "f1_macro")} == {
        "accuracy": pytest.approx(sklearn.accuracy_score(labels, predicted)),
        "balanced_accuracy": pytest.approx(sklearn.balanced_accuracy_score(labels, predicted)),
        "f1": pytest.approx(sklearn.f1_score(labels, predicted, average="macro")),
        "f1_macro": pytest.approx(sklearn.f1_score(labels, predicted, average="macro")),
    }
    for average in ("macro", "micro"):
        precision = sklearn.precision_score(labels, predicted, average=average, zero_division=0)
        recall = sklearn.recall_score(labels, predicted, average=average, zero_division=0)
        assert CUSTOM[f"precision_{average}"](labels, scores) == pytest.approx(precision)
        assert CUSTOM[f"recall_{average}"](labels, scores) == pytest.approx(recall)


def test_metrics_of_class_1() -> None:
    labels, scores = TWO
    predicted = classes(scores)
    assert CUSTOM["f1_binary"](labels, scores) == pytest.approx(sklearn.f1_score(labels, predicted))
    assert CUSTOM["precision"](labels, scores) == pytest.approx(sklearn.precision_score(labels, predicted))
    assert CUSTOM["recall"](labels, scores) == pytest.approx(sklearn.recall_score(labels, predicted))


def test_metrics_of_class_1_need_two_classes() -> None:
    with pytest.raises(ValueError, match="Target is multiclass"):
        CUSTOM["f1_binary"](*THREE)


def test_metrics_of_numbers() -> None:
    labels, predictions = RANDOM.normal(size=50), RANDOM.normal(size=50)
    assert CUSTOM["mse"](labels, predictions) == pytest.approx(sklearn.mean_squared_error(labels, predictions))
    assert CUSTOM["r2"](labels, predictions) == pytest.approx(sklearn.r2_score(labels, predictions))

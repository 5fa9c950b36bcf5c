"""Which metrics a job of XGBoost computes and SageMaker reads, and its hyperparameters' rules."""

from __future__ import annotations

import pytest

from refit.domain.algorithms.xgboost import DEFAULT_METRIC, HIGHER_IS_BETTER, LOWER_IS_BETTER, METRICS, reported
from refit.domain.algorithms.xgboost_hyperparameters import HYPERPARAMETERS, faults, is_metric


@pytest.mark.parametrize(
    ("hyperparameters", "expected"),
    [
        ({}, ("rmse",)),
        ({"objective": "binary:logistic"}, ("logloss",)),
        ({"objective": "multi:softprob"}, ("mlogloss",)),
        ({"objective": "reg:tweedie"}, ()),
        ({"objective": "reg:tweedie", "eval_metric": "rmse"}, ("rmse",)),
        ({"objective": "binary:logistic", "eval_metric": "auc,error@0.7"}, ("auc",)),
    ],
)
def test_sagemaker_reads_the_metrics_without_a_parameter(
    hyperparameters: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert reported(hyperparameters) == expected


def test_every_metric_has_one_direction() -> None:
    assert len(set(METRICS)) == len(METRICS) == len(HIGHER_IS_BETTER) + len(LOWER_IS_BETTER)
    assert {metric.partition("@")[0] for metric in DEFAULT_METRIC.values()} <= set(METRICS)


@pytest.mark.parametrize("text", ["rmse", "error@0.7", "ndcg@5", "map@-1"])
def test_some_metrics_have_a_threshold(text: str) -> None:
    assert is_metric(text)


@pytest.mark.parametrize("text", ["", "rsme", "rmse@2", "error@", "error@x", "error@nan", " rmse"])
def test_others_have_none(text: str) -> None:
    assert not is_metric(text)


def test_every_hyperparameter_has_a_valid_value_that_it_accepts() -> None:
    for name, values in HYPERPARAMETERS.items():
        assert values.accepts(values.repaired("")), name


def test_what_a_fault_says_to_write_is_no_fault() -> None:
    wrong = {"num_round": "0", "eta": "1.5", "objective": "reg:square", "eval_metric": "rsme", "max_depth": "six"}
    fixed = dict(fault.write.replace('"', "").split(" = ") for fault in faults(wrong))
    assert fixed.keys() == wrong.keys()
    assert list(faults(fixed)) == []

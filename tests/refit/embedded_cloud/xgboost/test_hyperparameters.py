"""Hyperparameters of XGBoost: AWS's messages, and the defaults of AWS's version in the newer library."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.instance.algorithm import AlgorithmError, CustomerError
from refit.embedded_cloud.xgboost.hyperparameters import parse, with_tree_method


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, r"^Missing required hyperparameter: num_round$"),
        ({"num_round": "1", "depth": "3"}, r"^Extraneous hyperparameter found: depth$"),
        ({"num_round": "ten"}, r"^Hyperparameter num_round: could not parse value 'ten'$"),
        ({"num_round": "1.5"}, r"^Hyperparameter num_round: could not parse value '1.5'$"),
        ({"num_round": "0"}, r"^Hyperparameter num_round: 0 is not in \[1, \+inf\)$"),
        ({"num_round": "1", "eta": "2"}, r"^Hyperparameter eta: 2 is not in \[0, 1\]$"),
        ({"num_round": "1", "subsample": "0"}, r"^Hyperparameter subsample: 0 is not in \(0, 1\]$"),
        ({"num_round": "1", "booster": "tree"}, r"^Hyperparameter booster: tree is not in \['gbtree', "),
        ({"num_round": "1", "objective": "multi:softmax"}, r"^Require input for parameter 'num_class'"),
        ({"num_round": "1", "objective": "reg:linear", "eval_metric": "auc"}, "auc is only computed for"),
        ({"num_round": "1", "_kfold": "3"}, "works only on AWS"),
        ({"num_round": "1", "tree_method": "gpu_hist"}, "the embedded cloud has no GPU"),
    ],
)
def test_a_mistake_has_awss_message(values: dict[str, str], message: str) -> None:
    with pytest.raises(CustomerError, match=message):
        parse(values)


def test_the_container_needs_an_objective_to_check_eval_metric() -> None:
    with pytest.raises(AlgorithmError, match="eval_metric needs the hyperparameter objective"):
        parse({"num_round": "1", "eval_metric": "rmse"})


def test_the_library_gets_the_defaults_of_awss_version_and_one_thread() -> None:
    settings = parse({"num_round": "7", "learning_rate": "0.1", "nthread": "8", "csv_weights": "1"})
    assert settings.num_round == 7
    assert settings.has_weights
    assert settings.metrics == ("rmse",)
    assert settings.parameters == {"objective": "reg:squarederror", "base_score": "0.5", "eta": "0.1", "nthread": 1}


def test_metrics_of_the_container_are_not_the_librarys() -> None:
    values = {"num_round": "1", "objective": "binary:logistic", "eval_metric": "accuracy,auc,error@0.7"}
    settings = parse(values)
    assert settings.metrics == ("auc", "error@0.7")
    assert settings.custom_metrics == ("accuracy",)


@pytest.mark.parametrize(
    ("parameters", "rows", "expected"),
    [
        ({}, 100, "exact"),
        ({"tree_method": "auto"}, (4 << 20) - 1, "exact"),
        ({}, 4 << 20, "approx"),
        ({"tree_method": "hist"}, 100, "hist"),
        ({"grow_policy": "lossguide"}, 100, None),
        ({"booster": "gblinear"}, 100, None),
        ({"updater": "prune"}, 100, None),
    ],
)
def test_auto_is_the_tree_method_of_awss_version(parameters: dict[str, str], rows: int, expected: str | None) -> None:
    assert with_tree_method(parameters, rows).get("tree_method") == expected

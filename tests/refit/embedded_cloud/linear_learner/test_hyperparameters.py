"""Hyperparameters are checked as Linear Learner documents them."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.instance.algorithm import (
    CustomerError,
)
from tests.support.embedded_cloud.linear_learner_job import CLASSIFIER, MULTICLASS, REGRESSOR, Job


@pytest.mark.parametrize(
    ("hyperparameters", "expected"),
    [
        ({}, "Missing required hyperparameter: 'predictor_type'"),
        (REGRESSOR | {"depth": "3"}, "Additional hyperparameters are not allowed ('depth' was unexpected)"),
        ({"predictor_type": "forest"}, "is not one of ['binary_classifier', 'multiclass_classifier', 'regressor']"),
        ({"predictor_type": "multiclass_classifier"}, "Missing required hyperparameter: 'num_classes'"),
        (MULTICLASS | {"num_classes": "2"}, "num_classes: '2' is not an integer of at least 3"),
        (MULTICLASS | {"num_classes": "1001"}, "fits at most 2000 weights of a multiclass_classifier"),
        (
            MULTICLASS | {"loss": "hinge_loss"},
            "hinge_loss is not a loss of a multiclass_classifier; use one of auto, so",
        ),
        (REGRESSOR | {"feature_dim": "0"}, "feature_dim: '0' is not an integer of at least 1 or auto"),
        (REGRESSOR | {"mini_batch_size": "0"}, "mini_batch_size: '0' is not an integer of at least 1"),
        (REGRESSOR | {"epochs": "１５"}, "epochs: '１５' is not an integer of at least 1"),
        (REGRESSOR | {"epochs": " 15"}, "epochs: ' 15' is not an integer of at least 1"),
        (REGRESSOR | {"init_bias": "inf"}, "init_bias: 'inf' is not a number"),
        (REGRESSOR | {"epochs": "1_5"}, "epochs: '1_5' is not an integer of at least 1"),
        (REGRESSOR | {"quantile": "1.5"}, "quantile: '1.5' is not a number of at least 0 and at most 1"),
        (REGRESSOR | {"epochs": "1.5"}, "epochs: '1.5' is not an integer of at least 1"),
        (REGRESSOR | {"wd": "-1"}, "wd: '-1' is not a number of at least 0 or auto"),
        (REGRESSOR | {"wd": "nan"}, "wd: 'nan' is not a number"),
        (REGRESSOR | {"learning_rate": "0"}, "learning_rate: '0' is not a number above 0 or auto"),
        (
            REGRESSOR | {"loss": "logistic"},
            "logistic is not a loss of a regressor; use one of auto, squ",
        ),
        (
            CLASSIFIER | {"loss": "squared_loss"},
            "is not a loss of a binary_classifier; use one of auto, lo",
        ),
    ],
)
def test_hyperparameters_are_refused_as_the_algorithm_refuses_them(
    job: Job, hyperparameters: dict[str, str], expected: str
) -> None:
    with pytest.raises(CustomerError) as refusal:
        job.channel("train", "1,2\n").train(hyperparameters)
    assert expected in str(refusal.value)


def test_hyperparameters_of_the_descent_are_accepted_and_reported_to_have_no_effect(job: Job) -> None:
    job.channel("train", "1,2\n2,4\n").train(REGRESSOR | {"learning_rate": "0.1"})
    assert "hyperparameter learning_rate has no effect on the embedded cloud: the optimum is computed" in job.lines


def test_hyperparameters_of_the_objective_that_are_not_applied_are_named(job: Job) -> None:
    job.channel("train", "1,2\n2,4\n").train(REGRESSOR | {"l1": "0.1"})
    assert "hyperparameter l1 has no effect on the embedded cloud: it changes the model only on AWS" in job.lines

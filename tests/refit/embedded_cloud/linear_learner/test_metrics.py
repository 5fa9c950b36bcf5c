"""The metrics of each predictor type, on every channel."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.embedded_cloud.linear_learner_job import CLASSIFIER, MULTICLASS, REGRESSOR, Job, as_csv


def test_the_metrics_of_a_multiclass_classifier(job: Job) -> None:
    x = np.arange(30.0)
    job.channel("train", as_csv(np.floor(x / 10), x)).channel("validation", "0,0\n0,1\n0,14\n1,15\n1,2\n")
    metrics = job.train(MULTICLASS | {"accuracy_top_k": "2"})
    assert metrics["train:multiclass_accuracy"] == 1
    # Class 2 occurs neither in the validation rows nor in their predictions.
    assert metrics["validation:multiclass_accuracy"] == 3 / 5
    assert metrics["validation:macro_precision"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert metrics["validation:macro_recall"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert metrics["validation:macro_f_beta"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert metrics["validation:multiclass_top_k_accuracy"] == 1
    assert job.train(MULTICLASS | {"accuracy_top_k": "1"})["validation:multiclass_top_k_accuracy"] == 3 / 5
    assert not [line for line in job.lines if "accuracy_top_k has no effect" in line]


def test_validation_and_test_channels_are_measured_and_not_trained_on(job: Job) -> None:
    x = np.arange(10.0)
    job.channel("train", as_csv(2 * x, x)).channel("validation", as_csv(2 * x + 1, x)).channel("test", "5,1\n")
    metrics = job.train(REGRESSOR)
    assert metrics["train:mse"] == pytest.approx(0, abs=1e-9)
    assert metrics["validation:mse"] == pytest.approx(1)
    assert metrics["validation:objective_loss"] == metrics["validation:mse"]
    assert metrics["test:absolute_loss"] == pytest.approx(3)


def test_precision_recall_and_f1_of_a_classifier(job: Job) -> None:
    x = np.arange(-10.0, 10.0)
    job.channel("train", as_csv((x >= 0).astype(float), x)).channel("validation", "1,5\n1,-5\n0,5\n0,-5\n0,-6\n")
    metrics = job.train(CLASSIFIER)
    assert metrics["validation:binary_classification_accuracy"] == 0.6
    assert metrics["validation:precision"] == metrics["validation:recall"] == metrics["validation:binary_f_beta"] == 0.5

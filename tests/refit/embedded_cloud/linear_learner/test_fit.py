"""Fits: each predictor type reaches the optimum of its objective."""

from __future__ import annotations

import numpy as np
import pytest

from refit.embedded_cloud.instance.algorithm import (
    CustomerError,
)
from refit.embedded_cloud.linear_learner import fit
from tests.support.embedded_cloud.linear_learner_job import CLASSIFIER, MULTICLASS, REGRESSOR, Job, as_csv, homes


def test_a_regressor_finds_the_least_squares_of_the_boston_homes(job: Job) -> None:
    features, prices = homes()
    metrics = job.channel("train", as_csv(prices, features)).train(REGRESSOR | {"feature_dim": "13"})

    design = np.column_stack([np.ones(len(prices)), features])
    expected = design @ np.linalg.lstsq(design, prices, rcond=None)[0]
    assert job.model.margin(features) == pytest.approx(expected, abs=1e-5)
    assert metrics["train:mse"] == pytest.approx(np.mean((expected - prices) ** 2))
    assert metrics["train:objective_loss"] == metrics["train:mse"]


def test_the_weights_of_a_regressor_are_the_least_squares_to_1e_8(job: Job) -> None:
    # scikit-learn's LinearRegression computes the same; benchmarks/training.py compares the two.
    random = np.random.default_rng(1978)
    features = random.normal(size=(2000, 13)) @ random.normal(size=(13, 13)) * 10 + random.normal(size=13) * 100
    labels = features @ random.normal(size=13) + random.normal(size=2000)
    for x, y in ((features, labels), homes()):
        job.channel("train", as_csv(y, x)).train(REGRESSOR)
        expected = np.linalg.lstsq(x - x.mean(axis=0), y - y.mean(), rcond=None)[0]
        model = job.model
        assert model.weights / model.scale == pytest.approx(expected, rel=1e-8)
        assert model.margin(np.zeros((1, 13)))[0] == pytest.approx(y.mean() - x.mean(axis=0) @ expected, rel=1e-8)


def test_large_offsets_collinear_and_constant_features_do_not_spoil_a_fit(job: Job) -> None:
    x = np.arange(100.0)
    features = np.column_stack([1e9 + x, 2e9 + 2 * x, np.full(100, 0.1), 1e-9 * np.sin(x)])
    metrics = job.channel("train", as_csv(3 * x + 7, features)).train(REGRESSOR)
    assert metrics["train:mse"] < 1e-6
    assert job.model.margin(features) == pytest.approx(3 * x + 7, abs=1e-2)


def test_weight_decay_shrinks_the_weights(job: Job) -> None:
    features, prices = homes()
    job.channel("train", as_csv(prices, features))
    job.train(REGRESSOR)
    free = np.abs(job.model.weights).sum()
    job.train(REGRESSOR | {"wd": "10"})
    assert np.abs(job.model.weights).sum() < free / 2


def test_a_classifier_reaches_the_optimum_of_the_logistic_loss(job: Job) -> None:
    features, prices = homes()
    labels = (prices > 22).astype(float)
    metrics = job.channel("train", as_csv(labels, features)).train(CLASSIFIER)

    probability = fit.sigmoid(job.model.margin(features))
    gradient = ((features - features.mean(axis=0)) / features.std(axis=0)).T @ (probability - labels) / len(labels)
    assert np.abs(gradient).max() < 1e-4
    assert metrics["train:binary_classification_accuracy"] == np.mean((probability >= 0.5) == labels)
    assert metrics["train:objective_loss"] < 0.3


def test_a_multiclass_classifier_reaches_the_optimum_of_the_softmax_loss(job: Job) -> None:
    features, prices = homes()
    labels = np.digitize(prices, [15, 25]).astype(float)
    metrics = job.channel("train", as_csv(labels, features)).train(MULTICLASS)

    margin = job.model.margin(features)
    probability = fit.softmax(margin)
    design = (features - features.mean(axis=0)) / features.std(axis=0)
    gradient = design.T @ (probability - np.eye(3)[labels.astype(int)]) / len(labels)
    assert np.abs(gradient).max() < 1e-4
    assert probability.sum(axis=1) == pytest.approx(np.ones(len(labels)))
    own = probability[np.arange(len(labels)), labels.astype(int)]
    assert metrics["train:objective_loss"] == pytest.approx(-np.log(own).mean())
    assert metrics["train:multiclass_accuracy"] == np.mean(margin.argmax(axis=1) == labels) > 0.8


def test_weights_of_two_of_three_classes_are_those_of_a_binary_classifier(job: Job) -> None:
    features, prices = homes()
    labels = (prices > 22).astype(float)
    job.channel("train", as_csv(labels, features))
    binary = job.train(CLASSIFIER)
    multiclass = job.train(MULTICLASS)
    assert multiclass["train:objective_loss"] == pytest.approx(binary["train:objective_loss"], abs=1e-3)
    assert multiclass["train:multiclass_accuracy"] == binary["train:binary_classification_accuracy"]


def test_classes_that_a_line_separates_get_finite_weights(job: Job) -> None:
    x = np.arange(100.0)
    metrics = job.channel("train", as_csv((x > 50).astype(float), x)).train(CLASSIFIER)
    assert metrics["train:binary_classification_accuracy"] == 1.0
    assert np.isfinite(job.model.weights).all()


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_a_day_with_one_class_only_still_trains(job: Job, label: float) -> None:
    metrics = job.channel("train", as_csv(np.full(20, label), np.arange(20.0))).train(CLASSIFIER)
    assert metrics["train:binary_classification_accuracy"] == 1.0


def test_epochs_bound_the_passes_of_a_classifier(job: Job) -> None:
    features, prices = homes()
    job.channel("train", as_csv((prices > 22).astype(float), features))
    one_pass, all_passes = job.train(CLASSIFIER | {"epochs": "1"}), job.train(CLASSIFIER)
    assert one_pass["train:objective_loss"] > all_passes["train:objective_loss"]


def test_values_whose_squares_overflow_are_refused(job: Job) -> None:
    job.channel("train", "1e200,1\n2e200,5e180\n")
    with pytest.raises(CustomerError, match="too large"):
        job.train(REGRESSOR)


def test_more_features_than_fit_into_memory_are_refused(job: Job) -> None:
    job.channel("train", ",".join(["1"] * 4002) + "\n")
    with pytest.raises(CustomerError, match="4001 features; the embedded cloud fits at most 4000, AWS more"):
        job.train(REGRESSOR)

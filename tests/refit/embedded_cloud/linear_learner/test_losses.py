"""Losses without a closed form: their formulas, their quadratic bounds, and that a fit reaches the optimum."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from refit.embedded_cloud.instance.algorithm import Payload
from refit.embedded_cloud.linear_learner import losses
from refit.embedded_cloud.linear_learner.losses import HINGE, Loss
from tests.support.embedded_cloud.linear_learner_job import CLASSIFIER, REGRESSOR, Job, as_csv, homes

SIZES = {"loss_insensitivity": "2", "quantile": "0.9", "huber_delta": "1.5"}


def loss(name: str) -> Loss:
    found = losses.of_regressor(name, SIZES)
    assert found is not None
    return found


NAMES = [
    "absolute_loss",
    "quantile_loss",
    "eps_insensitive_absolute_loss",
    "eps_insensitive_squared_loss",
    "huber_loss",
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Of the residuals -4, -1, 0, 1, 4: the prediction minus the label.
        ("absolute_loss", [4, 1, 0, 1, 4]),
        ("quantile_loss", [3.6, 0.9, 0, 0.1, 0.4]),
        ("eps_insensitive_absolute_loss", [2, 0, 0, 0, 2]),
        ("eps_insensitive_squared_loss", [4, 0, 0, 0, 4]),
        ("huber_loss", [1.5 * 3.25, 0.5, 0, 0.5, 1.5 * 3.25]),
    ],
)
def test_losses_have_their_documented_formulas(name: str, expected: list[float]) -> None:
    residuals = np.array([-4.0, -1.0, 0.0, 1.0, 4.0])
    assert loss(name).of(residuals) == pytest.approx(expected)
    ratio = loss(name).of(residuals)[0] / loss(name).scaled(2.0).of(residuals / 2)[0]
    assert loss(name).scaled(2.0).of(residuals / 2) * ratio == pytest.approx(expected)


def test_the_hinge_loss_is_what_the_margin_is_missed_by() -> None:
    assert HINGE.of(np.array([-2.0, -0.5, 0.0, 3.0])).tolist() == [2, 0.5, 0, 0]


@settings(deadline=None)
@given(st.sampled_from([*NAMES, "hinge"]), st.floats(-100, 100), st.floats(-100, 100))
def test_a_bound_touches_the_loss_and_is_nowhere_below_it(name: str, at: float, elsewhere: float) -> None:
    of = HINGE if name == "hinge" else loss(name)
    weight, target = of.bound(np.array([at]), smoothing=1e-9)

    def bound(residual: float) -> float:
        return float(weight[0] / 2 * (residual - target[0]) ** 2)

    def value(residual: float) -> float:
        return float(of.of(np.array([residual]))[0])

    tolerance = 1e-6 * (1 + bound(elsewhere) + bound(at))
    assert weight[0] > 0
    assert value(elsewhere) - value(at) <= bound(elsewhere) - bound(at) + tolerance


def least(design: np.ndarray, labels: np.ndarray, below: float, above: float, width: float) -> float:
    """The least mean loss by linear programming, of `below` and `above` for each unit beyond `width`."""
    rows, columns = design.shape
    costs = np.concatenate([np.zeros(columns), np.full(rows, below), np.full(rows, above)]) / rows
    identity, nothing = np.eye(rows), np.zeros((rows, rows))
    matrix = np.block([[-design, -identity, nothing], [design, nothing, -identity]])
    limits = np.concatenate([width - labels, width + labels])
    bounds = [(None, None)] * columns + [(0, None)] * (2 * rows)
    return float(optimize.linprog(costs, A_ub=matrix, b_ub=limits, bounds=bounds).fun)


@pytest.mark.parametrize(
    ("name", "below", "above", "width"),
    [
        ("absolute_loss", 1, 1, 0),
        ("quantile_loss", 0.9, 0.1, 0),
        ("eps_insensitive_absolute_loss", 1, 1, 2),
    ],
)
def test_a_piecewise_linear_loss_reaches_the_optimum_of_the_boston_homes(
    job: Job, name: str, below: float, above: float, width: float
) -> None:
    features, prices = homes()
    sizes = {parameter: SIZES[parameter] for parameter in losses.PARAMETERS.get(name, ())}
    metrics = job.channel("train", as_csv(prices, features)).train(REGRESSOR | {"loss": name} | sizes)
    design = np.column_stack([np.ones(len(prices)), (features - features.mean(axis=0)) / features.std(axis=0)])
    assert metrics["train:objective_loss"] == pytest.approx(least(design, prices, below, above, width), rel=1e-3)
    error = job.model.margin(features) - prices
    assert metrics["train:objective_loss"] == pytest.approx(loss(name).of(error).mean())
    assert metrics["train:mse"] == pytest.approx(np.mean(error**2))
    assert metrics["train:absolute_loss"] == pytest.approx(np.abs(error).mean())
    assert not [line for line in job.lines if "has no effect" in line and "mini_batch_size" not in line]


@pytest.mark.parametrize("name", ["huber_loss", "eps_insensitive_squared_loss"])
def test_a_smooth_loss_reaches_the_optimum_of_the_boston_homes(job: Job, name: str) -> None:
    features, prices = homes()
    sizes = {parameter: SIZES[parameter] for parameter in losses.PARAMETERS[name]}
    metrics = job.channel("train", as_csv(prices, features)).train(REGRESSOR | {"loss": name} | sizes)
    of, error = loss(name), job.model.margin(features) - prices
    slope = (of.of(error + 1e-5) - of.of(error - 1e-5)) / 2e-5
    design = np.column_stack([np.ones(len(prices)), (features - features.mean(axis=0)) / features.std(axis=0)])
    assert np.abs(design.T @ slope / len(prices)).max() < 1e-3
    assert metrics["train:objective_loss"] == pytest.approx(of.of(error).mean())


def test_the_quantile_is_the_share_of_labels_below_the_prediction(job: Job) -> None:
    labels = np.arange(200.0)
    job.channel("train", as_csv(labels, np.zeros(200)))
    job.train(REGRESSOR | {"loss": "quantile_loss", "quantile": "0.25"})
    assert job.model.margin(np.zeros((1, 1)))[0] == pytest.approx(49.5, abs=1)


def test_outliers_move_the_absolute_and_huber_losses_less_than_the_squared_loss(job: Job) -> None:
    x = np.arange(50.0)
    labels = 3 * x + 7
    labels[::10] += 1000
    job.channel("train", as_csv(labels, x))
    at = np.array([[100.0]])
    job.train(REGRESSOR | {"loss": "absolute_loss"})
    assert job.model.margin(at) == pytest.approx([307], abs=0.1)
    job.train(REGRESSOR | {"loss": "huber_loss"})
    assert job.model.margin(at) == pytest.approx([307], abs=5)
    job.train(REGRESSOR)
    assert abs(job.model.margin(at)[0] - 307) > 50


def test_the_hinge_loss_reaches_the_optimum_and_its_score_is_the_margin(job: Job) -> None:
    features, prices = homes()
    labels = (prices > 22).astype(float)
    metrics = job.channel("train", as_csv(labels, features)).train(CLASSIFIER | {"loss": "hinge_loss", "margin": "2"})
    signs = np.where(labels > 0, 1.0, -1.0)
    design = np.column_stack([np.ones(len(prices)), (features - features.mean(axis=0)) / features.std(axis=0)])
    rows, columns = design.shape
    costs = np.concatenate([np.zeros(columns), np.ones(rows) / rows])
    matrix = np.hstack([-design * signs[:, None], -np.eye(rows)])
    bounds = [(None, None)] * columns + [(0, None)] * rows
    expected = optimize.linprog(costs, A_ub=matrix, b_ub=np.full(rows, -2.0), bounds=bounds).fun
    assert metrics["train:objective_loss"] == pytest.approx(expected, rel=1e-3)

    margin = job.model.margin(features)
    body = "\n".join(",".join(map(repr, row)) for row in features.tolist()).encode()
    answers = json.loads(job.model.predict(Payload(body, "text/csv", "")).body)["predictions"]
    assert [answer["score"] for answer in answers] == pytest.approx(margin)
    assert [answer["predicted_label"] for answer in answers] == (margin >= 0).astype(int).tolist()
    assert metrics["train:objective_loss"] == pytest.approx(np.maximum(0, 2 - signs * margin).mean())
    assert metrics["train:binary_classification_accuracy"] == np.mean((margin >= 0) == (labels > 0)) > 0.85


def test_weight_decay_shrinks_the_weights_of_every_loss(job: Job) -> None:
    features, prices = homes()
    job.channel("train", as_csv(prices, features))
    for name in NAMES:
        job.train(REGRESSOR | {"loss": name})
        free = np.abs(job.model.weights).sum()
        job.train(REGRESSOR | {"loss": name, "wd": "10"})
        assert np.abs(job.model.weights).sum() < free / 2

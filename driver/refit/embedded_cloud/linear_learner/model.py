"""A fitted linear model: saves it to and loads it from model.tar.gz, and predicts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from refit.embedded_cloud.instance.algorithm import CannotLoad, ModelError, Payload, Response
from refit.embedded_cloud.linear_learner import requests, responses
from refit.embedded_cloud.linear_learner.hyperparameters import PREDICTOR_TYPES, PredictorType
from refit.embedded_cloud.linear_learner.tensors import Floats

FILE = "model_algo-1"
FORMAT = "refit-linear-learner-1"
VECTORS = ("mean", "scale", "weights", "intercept")
Link = Literal["logistic", "identity"]


@dataclass(frozen=True)
class LinearModel:
    """margin = intercept + weights · (features - mean) / scale.

    A multiclass classifier has a column of weights and an intercept for each class. `link` makes the score of a
    binary classifier of its margin: a probability, or with `identity` the margin itself, as the hinge loss has none.
    """

    predictor_type: PredictorType
    mean: Floats
    scale: Floats
    weights: Floats
    intercept: Floats | float
    link: Link = "logistic"

    def margin(self, features: Floats) -> Floats:
        """The prediction of a regressor or the log-odds of a classifier, for each row; with many classes, for each."""
        standard = features - self.mean
        standard /= self.scale
        margin: Floats = standard @ self.weights + self.intercept
        return margin

    def predict(self, payload: Payload) -> Response:
        """Handles one request. Raises ModelError."""
        features = requests.features(payload, len(self.weights))
        with np.errstate(over="ignore", invalid="ignore"):
            margin = self.margin(features)
        if not np.isfinite(margin).all():
            number = int(np.argwhere(~np.isfinite(margin))[0][0]) + 1
            raise ModelError(400, f"unable to evaluate payload provided: the score of row {number} is not finite")
        if self.predictor_type == "regressor":
            return responses.response(payload, [{"score": score} for score in margin.tolist()])
        if self.predictor_type == "multiclass_classifier":
            rows = softmax(margin).tolist()
            return responses.response(payload, [{"score": row, "predicted_label": row.index(max(row))} for row in rows])
        scores = margin if self.link == "identity" else sigmoid(margin)
        return responses.response(
            payload,
            [
                {"score": score, "predicted_label": int(above >= 0)}
                for score, above in zip(scores.tolist(), margin.tolist(), strict=True)
            ],
        )

    def save(self, folder: Path) -> None:
        """Writes the model to a folder, for `load`."""
        document = {
            "format": FORMAT,
            "predictor_type": self.predictor_type,
            "mean": self.mean.tolist(),
            "scale": self.scale.tolist(),
            "weights": self.weights.tolist(),
            "intercept": np.asarray(self.intercept).tolist(),
            "link": self.link,
        }
        (folder / FILE).write_text(json.dumps(document) + "\n", encoding="utf-8")


def load(model_dir: Path) -> LinearModel:
    """Loads the model from an unpacked model.tar.gz. Raises CannotLoad if `save` did not write it."""
    try:
        document = json.loads((model_dir / FILE).read_text(encoding="utf-8"))
        if document["format"] != FORMAT or document["predictor_type"] not in PREDICTOR_TYPES:
            raise CannotLoad(f"{FILE} is not a model of the embedded cloud's Linear Learner")
        mean, scale, weights, intercept = (np.array(document[name], dtype=np.float64) for name in VECTORS)
    except FileNotFoundError:
        raise CannotLoad(f"model.tar.gz does not contain {FILE}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise CannotLoad(f"{FILE} is not a model of the embedded cloud's Linear Learner: {error}") from error
    classes = (len(intercept),) if document["predictor_type"] == "multiclass_classifier" and intercept.ndim else ()
    if mean.ndim != 1 or mean.shape != scale.shape or weights.shape != (*mean.shape, *classes):
        raise CannotLoad(f"{FILE} is damaged: its vectors differ in length")
    # Models of earlier versions have no link.
    link: Link = "identity" if document.get("link") == "identity" else "logistic"
    return LinearModel(document["predictor_type"], mean, scale, weights, intercept, link)


def sigmoid(margin: Floats) -> Floats:
    """1 / (1 + e^-margin), without overflow."""
    decay = np.exp(-np.abs(margin))
    return np.where(margin >= 0, 1.0, decay) / (1.0 + decay)


def softmax(margin: Floats) -> Floats:
    """The probability of each class for each row, without overflow."""
    odds = np.exp(margin - margin.max(axis=1, keepdims=True))
    probability: Floats = odds / odds.sum(axis=1, keepdims=True)
    return probability

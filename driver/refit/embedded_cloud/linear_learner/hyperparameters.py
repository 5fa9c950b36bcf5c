"""Parses and validates the hyperparameters of Linear Learner.

https://docs.aws.amazon.com/sagemaker/latest/dg/ll_hyperparameters.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from refit.domain.csv_cells import is_number
from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.linear_learner import losses
from refit.embedded_cloud.linear_learner.losses import Loss

PredictorType = Literal["regressor", "binary_classifier", "multiclass_classifier"]
INTEGER = re.compile(r"[+-]?[0-9]+")
PREDICTOR_TYPES: tuple[PredictorType, ...] = get_args(PredictorType)


@dataclass(frozen=True)
class OneOf:
    """One of several words, in any case."""

    words: tuple[str, ...]

    def accepts(self, value: str) -> bool:
        """Whether the value is valid."""
        return value.lower() in self.words

    def __str__(self) -> str:
        return f"one of {list(self.words)}"


@dataclass(frozen=True)
class Number:
    """A range, including its ends unless `above` excludes the lower one; `words` are also accepted."""

    low: float
    high: float = math.inf
    integer: bool = False
    above: bool = False
    words: tuple[str, ...] = ()

    def accepts(self, value: str) -> bool:
        """Whether the value is valid."""
        if value.lower() in self.words:
            return True
        if not is_number(value) or (self.integer and not INTEGER.fullmatch(value)):
            return False  # Python reads more: digits of other scripts, underscores, white space
        number = float(value)
        return self.low <= number <= self.high and not (self.above and number == self.low)

    def __str__(self) -> str:
        kind = "an integer" if self.integer else "a number"
        low = f"above {self.low:g}" if self.above else f"of at least {self.low:g}"
        high = "" if self.high == math.inf else f" and at most {self.high:g}"
        return " or ".join([f"{kind} {low}{high}", *self.words])


AUTO = ("auto",)
FLAG = OneOf(("true", "false"))
AUTO_FLAG = OneOf(("auto", "true", "false"))
COUNT = Number(1, integer=True)
AUTO_COUNT = Number(1, integer=True, words=AUTO)
POSITIVE = Number(0, above=True)
AUTO_POSITIVE = Number(0, above=True, words=AUTO)
AUTO_WEIGHT = Number(0, words=AUTO)
UNIT = Number(0, 1)
AUTO_UNIT = Number(0, 1, words=AUTO)

LOSS_NAMES = (
    "auto logistic squared_loss absolute_loss hinge_loss eps_insensitive_squared_loss eps_insensitive_absolute_loss "
    "quantile_loss huber_loss softmax_loss"
)

HYPERPARAMETERS: Mapping[str, OneOf | Number] = {
    "predictor_type": OneOf(tuple(sorted(PREDICTOR_TYPES))),
    "feature_dim": AUTO_COUNT,
    "mini_batch_size": COUNT,
    "epochs": COUNT,
    "num_classes": Number(3, 1_000_000, integer=True),
    "accuracy_top_k": COUNT,
    "balance_multiclass_weights": FLAG,
    "beta_1": AUTO_UNIT,
    "beta_2": AUTO_UNIT,
    "bias_lr_mult": AUTO_POSITIVE,
    "bias_wd_mult": AUTO_WEIGHT,
    "binary_classifier_model_selection_criteria": OneOf(
        ("accuracy", "f_beta", "precision_at_target_recall", "recall_at_target_precision", "loss_function")
    ),
    "early_stopping_patience": COUNT,
    "early_stopping_tolerance": POSITIVE,
    "f_beta": POSITIVE,
    "huber_delta": POSITIVE,
    "init_bias": Number(-math.inf),
    "init_method": OneOf(("uniform", "normal")),
    "init_scale": POSITIVE,
    "init_sigma": POSITIVE,
    "l1": AUTO_WEIGHT,
    "learning_rate": AUTO_POSITIVE,
    "loss": OneOf(tuple(LOSS_NAMES.split())),
    "loss_insensitivity": POSITIVE,
    "lr_scheduler_factor": AUTO_UNIT,
    "lr_scheduler_minimum_lr": AUTO_POSITIVE,
    "lr_scheduler_step": AUTO_COUNT,
    "margin": POSITIVE,
    "momentum": AUTO_UNIT,
    "normalize_data": AUTO_FLAG,
    "normalize_label": AUTO_FLAG,
    "num_calibration_samples": AUTO_COUNT,
    "num_models": AUTO_COUNT,
    "num_point_for_scaler": COUNT,
    "optimizer": OneOf(("auto", "adam", "adagrad", "rmsprop", "sgd")),
    "positive_example_weight_mult": Number(0, above=True, words=("balanced", "auto")),
    "quantile": UNIT,
    "target_precision": UNIT,
    "target_recall": UNIT,
    "unbias_data": AUTO_FLAG,
    "unbias_label": AUTO_FLAG,
    "use_bias": FLAG,
    "use_lr_scheduler": FLAG,
    "wd": AUTO_WEIGHT,
}
EFFECTIVE = frozenset({"predictor_type", "feature_dim", "mini_batch_size", "epochs", "loss", "wd"})
OF_OBJECTIVE = frozenset(
    {
        "l1",
        "use_bias",
        "init_bias",
        "bias_wd_mult",
        "positive_example_weight_mult",
        "balance_multiclass_weights",
        "normalize_data",
        "normalize_label",
        "unbias_data",
        "unbias_label",
        "binary_classifier_model_selection_criteria",
        "f_beta",
        "target_precision",
        "target_recall",
    }
)
"""Those that change the optimum or the threshold, not only the way to it; the embedded cloud does not apply them."""
EFFECTIVE_FOR_MULTICLASS = frozenset({"num_classes", "accuracy_top_k"})
"""AWS also ignores them for other predictor types."""
LOSSES: Mapping[PredictorType, tuple[str, ...]] = {
    "regressor": (
        "auto",
        "squared_loss",
        "absolute_loss",
        "eps_insensitive_squared_loss",
        "eps_insensitive_absolute_loss",
        "quantile_loss",
        "huber_loss",
    ),
    "binary_classifier": ("auto", "logistic", "hinge_loss"),
    "multiclass_classifier": ("auto", "softmax_loss"),
}
"""The losses of each predictor type, by the same page."""


@dataclass(frozen=True)
class Settings:
    """The hyperparameters that the fit uses. `without_effect` names those that were set but have no effect here."""

    predictor_type: PredictorType
    num_classes: int
    """0 for a regressor."""
    accuracy_top_k: int
    feature_dim: int | None
    mini_batch_size: int
    epochs: int
    wd: float
    loss: Loss | None
    """Of a regressor; None for the squared loss."""
    margin: float | None
    """Of a binary classifier's hinge loss; None for the logistic loss."""
    without_effect: tuple[str, ...]


def parse(values: Mapping[str, str]) -> Settings:
    """Validates every name and value. Raises CustomerError, with the algorithm's message where it is known."""
    unknown = sorted(set(values) - set(HYPERPARAMETERS))
    if unknown:
        names = ", ".join(map(repr, unknown))
        raise CustomerError(
            f"Additional hyperparameters are not allowed ({names} {'was' if len(unknown) == 1 else 'were'} unexpected)"
        )
    if "predictor_type" not in values:
        raise CustomerError("Missing required hyperparameter: 'predictor_type'")
    for name, value in values.items():
        if not HYPERPARAMETERS[name].accepts(value):
            valid = HYPERPARAMETERS[name]
            raise CustomerError(f"Invalid value for hyperparameter {name}: {value[:80]!r} is not {valid}")
    predictor_type, loss = _predictor_type(values)
    is_multiclass = predictor_type == "multiclass_classifier"
    if is_multiclass and "num_classes" not in values:
        raise CustomerError("Missing required hyperparameter: 'num_classes', required for a multiclass_classifier")
    effective = {*EFFECTIVE, *losses.PARAMETERS.get(loss, ()), *(EFFECTIVE_FOR_MULTICLASS if is_multiclass else ())}
    return Settings(
        predictor_type=predictor_type,
        num_classes=int(values["num_classes"]) if is_multiclass else 2 * (predictor_type == "binary_classifier"),
        accuracy_top_k=int(values.get("accuracy_top_k", "3")),
        feature_dim=None if values.get("feature_dim", "auto") == "auto" else int(values["feature_dim"]),
        mini_batch_size=int(values.get("mini_batch_size", "1000")),
        epochs=int(values.get("epochs", "15")),
        wd=0.0 if values.get("wd", "auto") == "auto" else float(values["wd"]),
        loss=losses.of_regressor(loss, values) if predictor_type == "regressor" else None,
        margin=float(values.get("margin", "1")) if loss == "hinge_loss" else None,
        without_effect=tuple(sorted(set(values) - effective)),
    )


def _predictor_type(values: Mapping[str, str]) -> tuple[PredictorType, str]:
    """The predictor type, and the name of its loss. Raises CustomerError for the loss of another type."""
    chosen = next(kind for kind in PREDICTOR_TYPES if kind == values["predictor_type"].lower())
    loss = values.get("loss", "auto").lower()
    if loss not in LOSSES[chosen]:
        raise CustomerError(f"loss {loss} is not a loss of a {chosen}; use one of {', '.join(LOSSES[chosen])}")
    return chosen, loss

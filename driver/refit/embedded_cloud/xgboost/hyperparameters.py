"""Parses the hyperparameters of XGBoost, with the messages of AWS's container, into those of the library.

https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost_hyperparameters.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from refit.domain.algorithms import xgboost, xgboost_hyperparameters
from refit.domain.algorithms.hyperparameter_values import Number
from refit.domain.algorithms.xgboost_hyperparameters import ALIASES, HYPERPARAMETERS, Kind
from refit.embedded_cloud.instance.algorithm import AlgorithmError, CustomerError
from refit.embedded_cloud.xgboost.custom_metrics import CUSTOM

ONLY_ON_AWS = ("_kfold", "_num_cv_round", "use_dask_gpu_training")
OF_THE_CONTAINER = frozenset(
    {"csv_weights", "early_stopping_rounds", "eval_metric", "num_round", "save_model_on_termination", "nthread"}
)
"""Those that are not passed to the library; nthread is not, because a job must not use all cores of this machine."""
MAX_EXACT_ROWS = 4 << 20
"""The number of rows from which tree_method auto is approx (PerformTreeMethodHeuristic in src/gbm/gbtree.cc, 1.7)."""


@dataclass(frozen=True)
class Settings:
    """The hyperparameters of one job; `parameters` are those of the library's `train`."""

    num_round: int
    parameters: Mapping[str, Any]
    metrics: tuple[str, ...]
    """Those that the library computes."""
    custom_metrics: tuple[str, ...]
    """Those that the container computes from predictions."""
    early_stopping_rounds: int | None
    early_stopping_metric: str | None
    has_weights: bool
    """Whether the second column of CSV has the weights of rows."""


def parse(values: Mapping[str, str]) -> Settings:
    """Validates every name and value. Raises CustomerError, and AlgorithmError where the container itself fails."""
    for fault in xgboost_hyperparameters.faults(values):
        raise CustomerError(_message(fault, values))
    if "eval_metric" in values and "objective" not in values:
        raise AlgorithmError("eval_metric needs the hyperparameter objective: KeyError: 'objective'")
    for name in ONLY_ON_AWS:
        if values.get(name, "false") != "false":
            raise CustomerError(f"hyperparameter {name}: the embedded cloud cannot run this, it works only on AWS")
    if values.get("tree_method") == "gpu_hist" or values.get("predictor") == "gpu_predictor":
        raise CustomerError("the embedded cloud has no GPU: tree_method gpu_hist and gpu_predictor work only on AWS")
    metrics = xgboost.metrics(values)
    rounds = values.get("early_stopping_rounds")
    return Settings(
        num_round=int(values["num_round"]),
        parameters=_parameters(values),
        metrics=tuple(metric for metric in metrics if metric not in CUSTOM),
        custom_metrics=tuple(metric for metric in metrics if metric in CUSTOM),
        early_stopping_rounds=int(rounds) if rounds else None,
        # Without eval_metric, the container does not stop early: get_callbacks in its callback.py.
        early_stopping_metric=metrics[-1] if "eval_metric" in values else None,
        has_weights=values.get("csv_weights") == "1",
    )


def with_tree_method(parameters: Mapping[str, Any], rows: int) -> dict[str, Any]:
    """The parameters with the tree_method that `auto` is in version 1.7; from 2.0 on it is always hist."""
    is_chosen = parameters.get("tree_method", "auto") != "auto" or "updater" in parameters
    if is_chosen or parameters.get("booster") == "gblinear" or parameters.get("grow_policy") == "lossguide":
        return dict(parameters)
    return {**parameters, "tree_method": "exact" if rows < MAX_EXACT_ROWS else "approx"}


def _parameters(values: Mapping[str, str]) -> dict[str, Any]:
    passed = {ALIASES.get(name, name): value for name, value in values.items() if name not in OF_THE_CONTAINER}
    # From version 2.0 on, the library estimates base_score, and reg:linear is a warning.
    return {"base_score": "0.5", "objective": xgboost.DEFAULT_OBJECTIVE, **passed, "nthread": 1}


def _message(fault: xgboost_hyperparameters.Fault, values: Mapping[str, str]) -> str:
    """The container's message: sagemaker_algorithm_toolkit/hyperparameter_validation.py."""
    if fault.kind is Kind.MISSING:
        if fault.name == "num_class":
            return "Require input for parameter 'num_class' for multi-classification"
        return f"Missing required hyperparameter: {fault.name}"
    if fault.kind is Kind.UNKNOWN:
        return f"Extraneous hyperparameter found: {fault.name}"
    if fault.kind is Kind.COMBINATION:
        return f"hyperparameter{fault.message.replace('.', ' ', 1)}"
    allowed, value = HYPERPARAMETERS[ALIASES.get(fault.name, fault.name)], values[fault.name][:80]
    if isinstance(allowed, Number) and not allowed.is_of_type(value):
        return f"Hyperparameter {fault.name}: could not parse value {value!r}"
    return f"Hyperparameter {fault.name}: {value} is not in {allowed}"

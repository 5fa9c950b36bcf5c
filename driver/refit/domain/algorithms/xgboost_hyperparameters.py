"""The hyperparameters of XGBoost 1.7-1: names, values, and the rules between them. Pure.

https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost_hyperparameters.html; where that page is silent, the checks of
AWS's container: sagemaker-xgboost-container, algorithm_mode/hyperparameter_validation.py.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import Enum
from typing import NamedTuple

from refit.domain.algorithms.hyperparameter_values import Number, Pattern, Values, Words
from refit.domain.algorithms.xgboost import DEFAULT_METRIC, DEFAULT_OBJECTIVE, METRICS
from refit.domain.csv_cells import is_number

FLAG = Number(0, 1, "1", integer=True)
BOOLEAN = Words(("true", "false"))
WEIGHT = Number(0, math.inf, "1")
SHARE = Number(0, 1, "1", above=True)
UNIT = Number(0, 1, "0.5")
COUNT = Number(1, math.inf, "100", integer=True)
SIZE = Number(0, math.inf, "6", integer=True)

HYPERPARAMETERS: Mapping[str, Values] = {
    "num_round": COUNT,
    "alpha": WEIGHT,
    "aft_loss_distribution": Words(("normal", "logistic", "extreme")),
    "aft_loss_distribution_scale": WEIGHT,
    "base_score": Number(0, math.inf, "0.5"),
    "booster": Words(("gbtree", "gblinear", "dart")),
    "colsample_bylevel": SHARE,
    "colsample_bynode": SHARE,
    "colsample_bytree": SHARE,
    "csv_weights": FLAG,
    "deterministic_histogram": BOOLEAN,
    "dsplit": Words(("row", "col")),
    "early_stopping_rounds": Number(1, math.inf, "10", integer=True),
    "eta": Number(0, 1, "0.3"),
    "eval_metric": Words(METRICS, several=True),
    "gamma": WEIGHT,
    "grow_policy": Words(("depthwise", "lossguide")),
    "interaction_constraints": Pattern(
        "lists of columns such as [[1, 2], [3, 4]]",
        r"\[\s*\[\s*\d+(\s*,\s*\d+)*\s*\](\s*,\s*\[\s*\d+(\s*,\s*\d+)*\s*\])*\s*\]",
        "[[1, 2], [3, 4]]",
    ),
    "lambda": WEIGHT,
    "lambda_bias": UNIT,
    "max_bin": Number(0, math.inf, "256", integer=True),
    "max_delta_step": WEIGHT,
    "max_depth": SIZE,
    "max_leaves": SIZE,
    "min_child_weight": WEIGHT,
    "monotone_constraints": Pattern(
        "a list of -1, 0 and 1 such as (1, 0, -1)", r"[(\[]\s*-?[01](\s*,\s*-?[01])*\s*,?\s*[)\]]", "(1, 0, -1)"
    ),
    "normalize_type": Words(("tree", "forest")),
    "nthread": Number(1, math.inf, "4", integer=True),
    "num_class": Number(2, math.inf, "3", integer=True),
    "num_parallel_tree": Number(1, math.inf, "1", integer=True),
    "objective": Words(tuple(DEFAULT_METRIC)),
    "one_drop": FLAG,
    "predictor": Words(("auto", "cpu_predictor", "gpu_predictor")),
    "prob_buffer_row": Number(1, math.inf, "2", integer=True, above=True),
    "process_type": Words(("default", "update")),
    "rate_drop": UNIT,
    "refresh_leaf": FLAG,
    "sample_type": Words(("uniform", "weighted")),
    "sampling_method": Words(("uniform", "gradient_based")),
    "save_model_on_termination": BOOLEAN,
    "scale_pos_weight": Number(0, math.inf, "1", above=True),
    "seed": Number(-(2**31), 2**31 - 1, "0", integer=True, above=True, below=True),
    "single_precision_histogram": BOOLEAN,
    "sketch_eps": Number(0, 1, "0.03", above=True, below=True),
    "skip_drop": UNIT,
    "subsample": SHARE,
    "tree_method": Words(("auto", "exact", "approx", "hist", "gpu_hist")),
    "tweedie_variance_power": Number(1, 2, "1.5", above=True, below=True),
    "updater": Words(
        (
            *("grow_colmaker", "distcol", "grow_histmaker", "grow_local_histmaker", "grow_skmaker", "sync"),
            *("refresh", "prune", "grow_quantile_histmaker", "shotgun", "coord_descent"),
        ),
        several=True,
    ),
    "use_dask_gpu_training": BOOLEAN,
    "verbosity": Number(0, 3, "1", integer=True),
    "_kfold": Number(2, math.inf, "5", integer=True),
    "_num_cv_round": Number(1, math.inf, "1", integer=True),
}
ALIASES: Mapping[str, str] = {
    "learning_rate": "eta",
    "min_split_loss": "gamma",
    "reg_lambda": "lambda",
    "reg_alpha": "alpha",
}
WITH_THRESHOLD = ("error", "ndcg", "map")
"""The metrics that eval_metric also accepts with a number, such as error@0.7."""
MULTICLASS = ("multi:softmax", "multi:softprob")
CONSTRAINED_BY: Mapping[str, tuple[str, ...]] = {
    "monotone_constraints": ("exact", "hist"),
    "interaction_constraints": ("exact", "hist", "approx"),
}
"""The tree_methods that a constraint needs; the default, auto, is not one of them."""


REMOVE = "remove it"


class Kind(Enum):
    """What is wrong with a hyperparameter."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    VALUE = "value"
    COMBINATION = "combination"


class Fault(NamedTuple):
    """One mistake. `message` continues "training.hyperparameters" or "hyperparameter"; `write` is the repaired text."""

    name: str
    kind: Kind
    message: str
    write: str


def faults(values: Mapping[str, str]) -> Iterator[Fault]:
    """Every mistake in the hyperparameters of a job."""
    if "num_round" not in values:
        yield Fault("num_round", Kind.MISSING, "must contain num_round", 'num_round = "100"')
    for name, value in values.items():
        allowed = HYPERPARAMETERS.get(ALIASES.get(name, name))
        if allowed is None:
            near = get_close_matches(name, (*HYPERPARAMETERS, *ALIASES), 1)
            write = f"{near[0]} = {json.dumps(value)}" if near else REMOVE
            yield Fault(name, Kind.UNKNOWN, f".{name} is not a hyperparameter of XGBoost", write)
        elif not _accepts(name, allowed, value):
            written, repaired = json.dumps(value[:80]), json.dumps(_repaired(name, allowed, value))
            yield Fault(name, Kind.VALUE, f".{name} must {allowed.be}, got {written}", f"{name} = {repaired}")
    yield from _combinations(values)


def _accepts(name: str, allowed: Values, value: str) -> bool:
    if name == "eval_metric":
        return all(map(is_metric, value.split(",")))
    return allowed.accepts(value)


def _repaired(name: str, allowed: Values, value: str) -> str:
    if name != "eval_metric":
        return allowed.repaired(value)
    parts = (part.strip() for part in value.split(","))
    return ",".join(dict.fromkeys(part if is_metric(part) else allowed.repaired(part) for part in parts))


def is_metric(text: str) -> bool:
    """Whether the text is a metric of eval_metric, with a threshold where one is accepted."""
    name, at, threshold = text.partition("@")
    return name in WITH_THRESHOLD and is_number(threshold) if at else name in METRICS


def _combinations(values: Mapping[str, str]) -> Iterator[Fault]:
    objective = values.get("objective", DEFAULT_OBJECTIVE)
    if objective in MULTICLASS and "num_class" not in values:
        yield Fault("num_class", Kind.MISSING, f"must contain num_class for objective {objective}", 'num_class = "3"')
    wanted = values.get("eval_metric", "").split(",")
    if "auc" in wanted and not objective.startswith(("binary:", "rank:")):
        message = f".eval_metric auc is only computed for a binary: or rank: objective, got {objective}"
        yield Fault("eval_metric", Kind.COMBINATION, message, 'objective = "binary:logistic"')
    if "aft-nloglik" in wanted and objective != "survival:aft":
        message = f".eval_metric aft-nloglik is only computed for objective survival:aft, got {objective}"
        yield Fault("eval_metric", Kind.COMBINATION, message, 'objective = "survival:aft"')
    method = values.get("tree_method", "auto")
    for name, methods in CONSTRAINED_BY.items():
        if name in values and method not in methods:
            message = f".{name} needs tree_method {' or '.join(methods)}, got {method}"
            yield Fault(name, Kind.COMBINATION, message, 'tree_method = "hist"')

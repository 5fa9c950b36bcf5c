"""The rules for pipelines that train AWS's XGBoost.

https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost.html. Its objective is a hyperparameter and says what it
predicts, so that predictor_type does not apply.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from refit.domain.algorithms import xgboost
from refit.domain.algorithms.xgboost_hyperparameters import REMOVE, Kind, faults
from refit.pipeline.schema.algorithms.interface import TrainingFields, nearest, not_numbers, unused_fields
from refit.pipeline.schema.algorithms.own_image import OWN_IMAGE
from refit.pipeline.schema.constraints import Violation
from refit.pipeline.schema.data import Data
from refit.problem_codes import Code

OBJECTIVES = {"regressor": "reg:squarederror", "binary_classifier": "binary:logistic"}
"""The objective that corresponds to a predictor_type of Linear Learner; multi:softprob for several classes."""
CODES = {
    Kind.MISSING: Code.NEEDS_ANOTHER,
    Kind.UNKNOWN: Code.BAD_VALUE,
    Kind.VALUE: Code.OUT_OF_RANGE,
    Kind.COMBINATION: Code.UNUSED_FIELD,
}


def broken_rules(training: TrainingFields) -> Iterator[Violation]:
    """The violations in the training section."""
    if training.image is not None:
        message = "training.algorithm and training.image cannot be combined"
        hint = "remove image to train AWS's XGBoost, or remove algorithm"
        yield Violation(("algorithm",), Code.ONE_OF_TWO, message, hint)
    if "predictor_type" in training.model_fields_set:
        objective = OBJECTIVES.get(training.predictor_type, "multi:softprob")
        message = "training.predictor_type has no effect with XGBoost, whose objective is a hyperparameter"
        hint = f'remove it, and write hyperparameters = {{ objective = "{objective}", … }}'
        yield Violation(("predictor_type",), Code.UNUSED_FIELD, message, hint)
    yield from _hyperparameter_rules(training)
    yield from unused_fields("XGBoost", xgboost.CHANNELS, training)
    if training.source is not None:
        message = "training.source needs an image that runs the code; the algorithm XGBoost does not"
        yield Violation(("source",), Code.NEEDS_ANOTHER, message, f'remove algorithm, and add image = "{OWN_IMAGE}"')


def _hyperparameter_rules(training: TrainingFields) -> Iterator[Violation]:
    for fault in faults(training.hyperparameters):
        if fault.kind is Kind.MISSING:
            hint = f"write hyperparameters = {{ {fault.write}{', …' if training.hyperparameters else ''} }}"
            yield Violation(("hyperparameters",), CODES[fault.kind], f"training.hyperparameters {fault.message}", hint)
        else:
            hint = fault.write if fault.write == REMOVE else f"write {fault.write}"
            path = ("hyperparameters", fault.name)
            yield Violation(path, CODES[fault.kind], f"training.hyperparameters{fault.message}", hint)
    values = training.hyperparameters
    if values.get("csv_weights") == "1":
        message = "training.hyperparameters.csv_weights needs a column of weights, and a row is the label and features"
        yield Violation(("hyperparameters", "csv_weights"), Code.UNUSED_FIELD, message, "remove it")
    if "early_stopping_rounds" in values and "eval_metric" not in values:
        metric = xgboost.metrics(values)[:1] or ("rmse",)
        message = "training.hyperparameters.early_stopping_rounds has no effect without eval_metric"
        hint = f"add eval_metric = {json.dumps(metric[0].partition('@')[0])} to hyperparameters"
        yield Violation(("hyperparameters", "early_stopping_rounds"), Code.UNUSED_FIELD, message, hint)
    if "num_class" in values and not values.get("objective", "").startswith("multi:"):
        message = "training.hyperparameters.num_class has no effect without a multi: objective"
        hint = 'remove it, or write objective = "multi:softprob"'
        yield Violation(("hyperparameters", "num_class"), Code.UNUSED_FIELD, message, hint)


def broken_data_rules(data: Data) -> Iterator[Violation]:
    """Rows are numbers, of which some may be missing; and the container reads only keys with few folders."""
    yield from not_numbers("XGBoost", data)
    below = min(pattern.count("/") for pattern in data.key_layout.patterns)
    folders = data.prefix.count("/") + below
    if folders <= xgboost.MAX_FOLDERS:
        return
    left = xgboost.MAX_FOLDERS - below
    kept = "/".join(data.prefix.split("/")[:left])
    message = (
        f"training.algorithm xgboost reads keys with at most {xgboost.MAX_FOLDERS} folders, "
        f"and those of data have {folders}: its container skips deeper ones"
    )
    hint = f'write data = {{ prefix = "{kept}/", … }}' if left > 0 else 'write data = { layout = "%Y-%m-%d.csv", … }'
    yield Violation(("algorithm",), Code.BAD_LAYOUT, message, hint)


def hyperparameters(training: TrainingFields, feature_dim: int) -> dict[str, str]:
    """The file's hyperparameters, with the objective: the container cannot check eval_metric without one."""
    return {"objective": xgboost.DEFAULT_OBJECTIVE, **training.hyperparameters}


def unreported(metric: str, training: TrainingFields) -> Iterator[Violation]:
    """The violation if a job with these hyperparameters does not compute the metric."""
    computed = xgboost.reported(training.hyperparameters)
    written, _, name = metric.rpartition(":")
    channel = written if written in xgboost.CHANNELS else "validation"
    if written == channel and name in computed:
        return
    if name in xgboost.METRICS and name not in computed:
        what = ", ".join(computed) or "none that SageMaker reads"
        message = f"gate.metric {metric} is not among the metrics that the job computes: {what}"
        has_own = bool(training.hyperparameters.get("eval_metric"))
        wanted = ",".join((*xgboost.metrics(training.hyperparameters), name) if has_own else (name,))
        hint = f'write eval_metric = "{wanted}" in training.hyperparameters'
        if computed:
            hint += f', or metric = "{channel}:{computed[0]}"'
    else:
        message = f"gate.metric {metric} is not a metric that XGBoost reports"
        hint = f'write metric = "{channel}:{nearest(name, computed or xgboost.METRICS)}"'
    yield Violation(("metric",), Code.GATE_METRIC, message, hint)


def reported(training: TrainingFields) -> tuple[str, ...]:
    """The metrics on the training data, which every job reports."""
    return tuple(f"train:{metric}" for metric in xgboost.reported(training.hyperparameters))

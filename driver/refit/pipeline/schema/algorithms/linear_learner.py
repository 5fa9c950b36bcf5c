"""The rules for pipelines that train AWS's Linear Learner.

https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner.html, and ll_hyperparameters.html there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from refit.pipeline.schema.algorithms.interface import TrainingFields, nearest, not_numbers, unused_fields
from refit.pipeline.schema.algorithms.own_image import OWN_IMAGE
from refit.pipeline.schema.constraints import Violation
from refit.pipeline.schema.data import Data
from refit.problem_codes import Code

MOST_CLASSES = 1_000_000
CHANNELS = ("train", "validation", "test")
"""The channels that Linear Learner measures, which begin the names of its metrics."""
OBJECTIVE_METRIC = "train:objective_loss"
"""Every training job of Linear Learner reports it."""

FOR_ALL = ("objective_loss", "objective_loss:final", "progress", "throughput")
"""The metrics that Linear Learner reports for each predictor_type."""

ONLY_FOR: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("mse", "absolute_loss", "rmse"), "regressor"),
        **dict.fromkeys(
            ("binary_classification_accuracy", "binary_f_beta", "precision", "recall", "roc_auc_score"),
            "binary_classifier",
        ),
        **dict.fromkeys(
            (
                *("multiclass_accuracy", "multiclass_top_k_accuracy", "dcg"),
                *("macro_f_beta", "macro_precision", "macro_recall"),
            ),
            "multiclass_classifier",
        ),
    }
)
"""The metrics that Linear Learner reports only for one predictor_type.

https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner-tuning.html
"""


def broken_rules(training: TrainingFields) -> Iterator[Violation]:
    """The violations in the training section."""
    classes = training.hyperparameters.get("num_classes")
    if training.predictor_type == "multiclass_classifier":
        if classes is None:
            message = "training.hyperparameters must contain num_classes for a multiclass_classifier"
            hint = 'write hyperparameters = { num_classes = "3" }'
            yield Violation(("hyperparameters",), Code.NEEDS_ANOTHER, message, hint)
        elif not re.fullmatch("[1-9][0-9]{0,6}", classes) or not 3 <= int(classes) <= MOST_CLASSES:
            be, got = f"be a whole number between 3 and {MOST_CLASSES}", json.dumps(classes[:10])
            message = f"training.hyperparameters.num_classes must {be}, got {got}"
            yield Violation(("hyperparameters", "num_classes"), Code.OUT_OF_RANGE, message, 'write num_classes = "3"')
    elif classes is not None:
        message = f"training.hyperparameters.num_classes has no effect with a {training.predictor_type}"
        hint = 'remove it, or write predictor_type = "multiclass_classifier"'
        yield Violation(("hyperparameters", "num_classes"), Code.UNUSED_FIELD, message, hint)
    yield from unused_fields("Linear Learner", CHANNELS, training)
    if training.source is not None:
        message = "training.source needs an image that runs the code; Linear Learner does not"
        yield Violation(("source",), Code.NEEDS_ANOTHER, message, f'add image = "{OWN_IMAGE}"')


def broken_data_rules(data: Data) -> Iterator[Violation]:
    """Rows are numbers without missing values. AWS does not document how deep it reads.

    https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
    """
    yield from not_numbers("Linear Learner", data)
    for column in data.schema:
        if not column.required:
            message = f"Linear Learner reads no missing values, but data.schema does not require {column.name}"
            yield Violation((), Code.NEEDS_ANOTHER, message, "remove required = false, or set the image that reads it")


def hyperparameters(training: TrainingFields, feature_dim: int) -> dict[str, str]:
    """The file's hyperparameters, and the two that have fields of their own."""
    derived = {"feature_dim": str(feature_dim), "predictor_type": training.predictor_type}
    return {**derived, **training.hyperparameters}


def unreported(metric: str, training: TrainingFields) -> Iterator[Violation]:
    """The violation if no job of this predictor_type reports the metric."""
    predictor_type = training.predictor_type
    channel, _, name = metric.partition(":") if ":" in metric else ("", "", metric)
    required = ONLY_FOR.get(name, predictor_type)
    if required != predictor_type:
        message = f"gate.metric {metric} is only reported for predictor_type {required}, got {predictor_type}"
        yield Violation(("metric",), Code.GATE_METRIC, message, f"write a metric for a {predictor_type}")
    elif channel not in CHANNELS or name not in (*FOR_ALL, *ONLY_FOR):
        known = [FOR_ALL[0], *(one for one, only in ONLY_FOR.items() if only == predictor_type)]
        likely = f"{channel if channel in CHANNELS else 'validation'}:{nearest(name, known)}"
        message = f"gate.metric {metric} is not a metric that Linear Learner reports"
        hint = f'write metric = "{likely}", or another of train:, validation: and {", ".join(known)}'
        yield Violation(("metric",), Code.GATE_METRIC, message, hint)


def reported(training: TrainingFields) -> tuple[str, ...]:
    """The objective, which every job reports."""
    return (OBJECTIVE_METRIC,)

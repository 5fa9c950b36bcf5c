"""The rules for pipelines with an image of their own, which runs the team's program or is an algorithm itself."""

from __future__ import annotations

from collections.abc import Iterator

from refit.domain.metrics import kind
from refit.pipeline.schema import images
from refit.pipeline.schema.algorithms.interface import TrainingFields, nearest
from refit.pipeline.schema.constraints import Violation
from refit.pipeline.schema.data import Data
from refit.problem_codes import Code

OWN_IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model:1"
SCRIPT_MODE = frozenset({"sagemaker_program", "sagemaker_submit_directory"})
"""The hyperparameters that select the script: sagemaker_training/params.py in the SageMaker Training Toolkit."""


def broken_rules(training: TrainingFields) -> Iterator[Violation]:
    """The violations in the training section."""
    yield from images.half_images(training.image or "")
    if "algorithm" in training.model_fields_set:
        message = "training.algorithm and training.image cannot be combined"
        hint = "remove algorithm to train with the image, or remove image"
        yield Violation(("algorithm",), Code.ONE_OF_TWO, message, hint)
    if "predictor_type" in training.model_fields_set:
        message = "training.predictor_type has no effect with an image other than Linear Learner's"
        yield Violation(("predictor_type",), Code.UNUSED_FIELD, message, "remove it")
    for name in sorted(SCRIPT_MODE & training.hyperparameters.keys()) if training.source else ():
        message = f"training.hyperparameters must not contain {name}, which Refit sets because source is set"
        yield Violation(("hyperparameters", name), Code.RESERVED, message, "remove it")


def broken_data_rules(data: Data) -> Iterator[Violation]:
    """None: the image reads what it can."""
    return iter(())


def hyperparameters(training: TrainingFields, feature_dim: int) -> dict[str, str]:
    """The file's hyperparameters."""
    return dict(training.hyperparameters)


def unreported(metric: str, training: TrainingFields) -> Iterator[Violation]:
    """The violation if SageMaker reads other metrics from the log. Those of AWS's other algorithms are unknown."""
    if training.metrics and metric not in training.metrics:
        message = f"gate.metric must be one of training.metrics, the only ones that the job reports, got {metric}"
        hint = f'write metric = "{nearest(metric, list(training.metrics))}"'
        yield Violation(("metric",), Code.GATE_METRIC, message, hint)
    elif not training.metrics and images.repository(training.image or "") not in images.BUILT_IN_ALGORITHMS:
        message = (
            f"gate.metric {metric} is never reported: SageMaker reads it from the log only if training.metrics has it"
        )
        hint = f'add metrics = {{ "{metric}" = "{kind(metric)}=([0-9.e+-]+)" }} to training'
        yield Violation(("metric",), Code.GATE_METRIC, message, hint)


def reported(training: TrainingFields) -> tuple[str, ...]:
    """The metrics that the file defines."""
    return tuple(training.metrics)

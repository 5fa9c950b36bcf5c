"""The training section of a pipeline file: the algorithm, its instances, and what a custom image or script needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from refit.pipeline.schema import images, value_types
from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.problem_codes import Code

OWN_IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model:1"
MOST_CLASSES = 1_000_000
SCRIPT_MODE = frozenset({"sagemaker_program", "sagemaker_submit_directory"})
"""The hyperparameters that select the script: sagemaker_training/params.py in the SageMaker Training Toolkit."""


class Training(Section):
    """The training job."""

    image: Annotated[
        value_types.Image | None,
        Constraint(
            "be an image in Amazon ECR, with a tag or digest",
            f'training = {{ image = "{OWN_IMAGE}" }}',
            Code.BAD_IMAGE,
        ),
    ] = None
    """The image for training and serving; if omitted, AWS's Linear Learner in the region."""
    predictor_type: Annotated[
        Literal["regressor", "binary_classifier", "multiclass_classifier"],
        Constraint(
            'be "regressor", "binary_classifier" or "multiclass_classifier"',
            'training = { predictor_type = "regressor" }',
        ),
    ] = "regressor"
    """What Linear Learner predicts: a number, yes (1) or no (0), or one of several classes (0, 1, 2, …)."""
    instance_type: Annotated[
        value_types.InstanceType,
        Constraint(
            "be a SageMaker instance type, ml.<family>.<size>",
            'training = { instance_type = "ml.m5.xlarge" }',
            Code.BAD_INSTANCE_TYPE,
        ),
    ] = "ml.m5.xlarge"
    """The instance type that trains the model."""
    instance_count: Annotated[
        int, Field(ge=1, le=100), Constraint("be between 1 and 100", "training = { instance_count = 1 }")
    ] = 1
    """The number of instances that train the model."""
    volume_gb: Annotated[
        int, Field(ge=1, le=16_384), Constraint("be between 1 and 16384", "training = { volume_gb = 10 }")
    ] = 10
    """The size of each instance's volume in GB, which must hold the data."""
    # SageMaker stops every job after 28 days.
    max_runtime_minutes: Annotated[
        int,
        Field(ge=1, le=40_320),
        Constraint("be between 1 and 40320, which is 28 days", "training = { max_runtime_minutes = 60 }"),
    ] = 60
    """The number of minutes after which SageMaker stops the training job."""
    # SageMaker allows 100, and Refit sets two of them.
    hyperparameters: Annotated[
        value_types.Hyperparameters,
        Field(max_length=98),
        Constraint(
            "contain at most 98 entries, with names of at most 256 letters, digits and _ . : / - "
            "and values of one line with at most 2500 characters, both in double quotes",
            'training = { hyperparameters = { epochs = "15" } }',
        ),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """The image's settings, as strings; Linear Learner's `feature_dim` and `predictor_type` have their own fields."""
    source: Annotated[
        value_types.SourceFolder | None,
        Constraint(
            "be a folder in the repository, without .. and without a leading /",
            f'training = {{ image = "{OWN_IMAGE}", source = "algorithms/my-model" }}',
        ),
    ] = None
    """The folder of the repository with a custom algorithm's code, which `refit build` packs (script mode)."""
    entry_point: Annotated[
        value_types.EntryPoint,
        Constraint(
            "be the name of a Python file in source",
            f'training = {{ image = "{OWN_IMAGE}", source = "algorithms/my-model", entry_point = "train.py" }}',
            Code.BAD_NAME,
        ),
    ] = "train.py"
    """The Python file in `source` that the image runs to train."""
    # SageMaker allows 20, and Refit sets two of them:
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
    channels: Annotated[
        dict[value_types.ChannelName, value_types.DataPrefix],
        Field(max_length=18),
        Constraint(
            "contain at most 18 channels, with names of at most 64 letters, digits and _ . - "
            "and folders of the bucket that end in /",
            'training = { channels = { test = "data/home-prices/test/" } }',
            Code.BAD_PREFIX,
        ),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """Additional input channels: the name of each channel, and its folder in the pipeline's bucket."""
    metrics: Annotated[
        dict[value_types.MetricName, value_types.MetricPattern],
        Field(max_length=40),
        Constraint(
            "contain at most 40 metrics, with names of at most 255 letters, digits and _ . : / @ - "
            "and regular expressions of one line, at most 500 characters and one group",
            f'training = {{ image = "{OWN_IMAGE}", metrics = {{ "validation:mse" = "mse=([0-9.]+)" }} }}',
        ),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """The metrics that SageMaker reads from a custom image's log: name, and a regular expression with one group."""

    @property
    def own_image(self) -> bool:
        """Whether an image other than AWS's Linear Learner trains the model."""
        return value_types.own_image(self.image)

    @property
    def defines_metrics(self) -> bool:
        """Whether SageMaker itself defines the metrics of the job: the image is one of AWS's own algorithms."""
        return not self.own_image or images.repository(self.image or "") in images.BUILT_IN_ALGORITHMS

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        yield from self._own_image_rules() if self.own_image else self._linear_learner_rules()
        if self.source is None and "entry_point" in self.model_fields_set:
            message = "training.entry_point has no effect without source"
            yield Violation(("entry_point",), Code.UNUSED_FIELD, message, 'add source = "algorithms/my-model"')

    def _own_image_rules(self) -> Iterator[Violation]:
        yield from images.half_images(self.image or "")
        if "predictor_type" in self.model_fields_set:
            message = "training.predictor_type has no effect with an image other than Linear Learner's"
            yield Violation(("predictor_type",), Code.UNUSED_FIELD, message, "remove it")
        for name in sorted(SCRIPT_MODE & self.hyperparameters.keys()) if self.source else ():
            message = f"training.hyperparameters must not contain {name}, which Refit sets because source is set"
            yield Violation(("hyperparameters", name), Code.RESERVED, message, "remove it")

    def _linear_learner_rules(self) -> Iterator[Violation]:
        """https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner.html, and ll_hyperparameters.html there."""
        classes = self.hyperparameters.get("num_classes")
        if self.predictor_type == "multiclass_classifier":
            if classes is None:
                message = "training.hyperparameters must contain num_classes for a multiclass_classifier"
                hint = 'write hyperparameters = { num_classes = "3" }'
                yield Violation(("hyperparameters",), Code.NEEDS_ANOTHER, message, hint)
            elif not re.fullmatch("[1-9][0-9]{0,6}", classes) or not 3 <= int(classes) <= MOST_CLASSES:
                be, got = f"be a whole number between 3 and {MOST_CLASSES}", json.dumps(classes[:10])
                message = f"training.hyperparameters.num_classes must {be}, got {got}"
                yield Violation(
                    ("hyperparameters", "num_classes"), Code.OUT_OF_RANGE, message, 'write num_classes = "3"'
                )
        elif classes is not None:
            message = f"training.hyperparameters.num_classes has no effect with a {self.predictor_type}"
            hint = 'remove it, or write predictor_type = "multiclass_classifier"'
            yield Violation(("hyperparameters", "num_classes"), Code.UNUSED_FIELD, message, hint)
        for name in sorted(self.channels.keys() - {"test"}):
            message = f"training.channels.{name} is not read by Linear Learner, which reads train, validation and test"
            yield Violation(("channels", name), Code.UNUSED_FIELD, message, "remove it, or set the image that reads it")
        if self.metrics:
            message = "training.metrics has no effect with Linear Learner, whose metrics SageMaker defines"
            yield Violation(("metrics",), Code.UNUSED_FIELD, message, "remove it, or set the image that logs them")
        if self.source is not None:
            message = "training.source needs an image that runs the code; Linear Learner does not"
            yield Violation(("source",), Code.NEEDS_ANOTHER, message, f'add image = "{OWN_IMAGE}"')

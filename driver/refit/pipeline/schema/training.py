"""The training section: what trains, on which machines, and what an image or a code of one's own needs beside it.

terraform/variables.tf types the same fields with the same defaults; tests/refit/pipeline/test_schema_is_terraforms.py
holds the two equal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from refit.pipeline.schema import value_types
from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.problem_codes import Code

OWN_IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model:1"
MOST_CLASSES = 1_000_000
SCRIPT_MODE = frozenset({"sagemaker_program", "sagemaker_submit_directory"})
"""What tells an image which code to run: sagemaker_training/params.py of the SageMaker Training Toolkit."""


class Training(Section):
    """The training job."""

    image: Annotated[
        value_types.Image | None,
        Constraint(
            "be an image in Amazon ECR with its tag or digest",
            f'training = {{ image = "{OWN_IMAGE}" }}',
            Code.BAD_IMAGE,
        ),
    ] = None
    """The training and serving image; unwritten, AWS's Linear Learner of the region."""
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
            "be an instance type of SageMaker, ml.<family>.<size>",
            'training = { instance_type = "ml.m5.xlarge" }',
            Code.BAD_INSTANCE_TYPE,
        ),
    ] = "ml.m5.xlarge"
    """The machine that trains."""
    instance_count: Annotated[
        int, Field(ge=1, le=100), Constraint("be between 1 and 100", "training = { instance_count = 1 }")
    ] = 1
    """How many machines train together."""
    volume_gb: Annotated[
        int, Field(ge=1, le=16_384), Constraint("be between 1 and 16384", "training = { volume_gb = 10 }")
    ] = 10
    """The disk of each of these machines, in GB: the data must fit."""
    # SageMaker stops every job after 28 days.
    max_runtime_minutes: Annotated[
        int,
        Field(ge=1, le=40_320),
        Constraint("be between 1 and 40320, which is 28 days", "training = { max_runtime_minutes = 60 }"),
    ] = 60
    """After how many minutes SageMaker stops the job."""
    # 100 in all, and Refit sets two of them.
    hyperparameters: Annotated[
        value_types.Hyperparameters,
        Field(max_length=98),
        Constraint(
            "hold at most 98 entries, with names of at most 256 letters, digits and _ . : / - "
            "and values of at most 2500 characters, both in double quotes",
            'training = { hyperparameters = { epochs = "15" } }',
        ),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """The image's own settings, as text; Linear Learner's `feature_dim` and `predictor_type` come from their fields."""
    source: Annotated[
        value_types.SourceFolder | None,
        Constraint(
            "be a folder of the repository, without .. and without / at its beginning",
            f'training = {{ image = "{OWN_IMAGE}", source = "algorithms/my-model" }}',
        ),
    ] = None
    """The folder of the repository with an own algorithm's code, which `refit build` packs (script mode)."""
    entry_point: Annotated[
        value_types.EntryPoint,
        Constraint(
            "be the name of a Python file in the folder source",
            f'training = {{ image = "{OWN_IMAGE}", source = "algorithms/my-model", entry_point = "train.py" }}',
            Code.BAD_NAME,
        ),
    ] = "train.py"
    """The file in `source` that the image runs to train."""
    # 20 in all, and Refit sets two of them:
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
    channels: Annotated[
        dict[value_types.ChannelName, value_types.DataPrefix],
        Field(max_length=18),
        Constraint(
            "hold at most 18 channels, with names of at most 64 letters, digits and _ . - "
            "and folders of the bucket that end in /",
            'training = { channels = { test = "data/home-prices/test/" } }',
            Code.BAD_PREFIX,
        ),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """Further input channels: the name of each, and its folder in the pipeline's bucket."""
    metrics: Annotated[
        dict[value_types.MetricName, value_types.MetricPattern],
        Field(max_length=40),
        Constraint(
            "hold at most 40 metrics, with names of at most 255 letters, digits and _ . : / @ - "
            "and regular expressions of at most 500 characters with one group",
            f'training = {{ image = "{OWN_IMAGE}", metrics = {{ "validation:mse" = "mse=([0-9.]+)" }} }}',
        ),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """What SageMaker reads from an own image's log: each metric's name, and an expression whose group is its value."""

    @property
    def own_image(self) -> bool:
        """Whether something else than AWS's Linear Learner trains."""
        return value_types.own_image(self.image)

    def broken_rules(self, given: ValidationContext) -> Iterator[Violation]:
        yield from self._own_image_rules() if self.own_image else self._linear_learner_rules()
        if self.source is None and "entry_point" in self.model_fields_set:
            message, hint = "training.entry_point does nothing without source", 'write source = "algorithms/my-model"'
            yield Violation(("entry_point",), Code.UNUSED_FIELD, message, f"{hint} beside it")

    def _own_image_rules(self) -> Iterator[Violation]:
        if "predictor_type" in self.model_fields_set:
            message = "training.predictor_type does nothing with an image that is not Linear Learner's"
            yield Violation(("predictor_type",), Code.UNUSED_FIELD, message, "remove it")
        for name in sorted(SCRIPT_MODE & self.hyperparameters.keys()) if self.source else ():
            message = f"training.hyperparameters must not hold {name} beside source, of which Refit makes it"
            yield Violation(("hyperparameters", name), Code.RESERVED, message, "remove it")

    def _linear_learner_rules(self) -> Iterator[Violation]:
        """https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner.html, and ll_hyperparameters.html there."""
        classes = self.hyperparameters.get("num_classes")
        if self.predictor_type == "multiclass_classifier":
            if classes is None:
                message = "training.hyperparameters must hold num_classes with a multiclass_classifier"
                hint = 'write hyperparameters = { num_classes = "3" }'
                yield Violation(("hyperparameters",), Code.NEEDS_ANOTHER, message, hint)
            elif not re.fullmatch("[1-9][0-9]{0,6}", classes) or not 3 <= int(classes) <= MOST_CLASSES:
                be, got = f"be a whole number between 3 and {MOST_CLASSES}", json.dumps(classes[:10])
                message = f"training.hyperparameters.num_classes must {be}, got {got}"
                yield Violation(
                    ("hyperparameters", "num_classes"), Code.OUT_OF_RANGE, message, 'write num_classes = "3"'
                )
        elif classes is not None:
            message = f"training.hyperparameters.num_classes does nothing with a {self.predictor_type}"
            hint = 'remove it, or write predictor_type = "multiclass_classifier"'
            yield Violation(("hyperparameters", "num_classes"), Code.UNUSED_FIELD, message, hint)
        for name in sorted(self.channels.keys() - {"test"}):
            message = f"Linear Learner reads the channels train, validation and test, and not training.channels.{name}"
            yield Violation(
                ("channels", name), Code.UNUSED_FIELD, message, "remove it, or write the image that reads it"
            )
        if self.metrics:
            message = "training.metrics does nothing with Linear Learner, whose metrics SageMaker knows"
            yield Violation(("metrics",), Code.UNUSED_FIELD, message, "remove it, or write the image that logs them")
        if self.source is not None:
            message = "training.source must stand beside an image that runs it, and not with Linear Learner"
            yield Violation(("source",), Code.NEEDS_ANOTHER, message, f'write image = "{OWN_IMAGE}" beside it')

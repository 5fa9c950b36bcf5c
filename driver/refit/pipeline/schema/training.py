"""The training section of a pipeline file: the algorithm, its instances, and what a custom image or script needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from refit.pipeline.schema import algorithms, value_types
from refit.pipeline.schema.algorithms.interface import AlgorithmRules
from refit.pipeline.schema.algorithms.own_image import OWN_IMAGE
from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.problem_codes import Code


class Training(Section):
    """The training job."""

    algorithm: Annotated[
        Literal["linear-learner", "xgboost"],
        Constraint(
            'be "linear-learner" or "xgboost"',
            'training = { algorithm = "linear-learner" }',
        ),
    ] = "linear-learner"
    """AWS's algorithm that trains the model, in its image for the region; `image` replaces it."""
    image: Annotated[
        value_types.Image | None,
        Constraint(
            "be an image in Amazon ECR, with a tag or digest",
            f'training = {{ image = "{OWN_IMAGE}" }}',
            Code.BAD_IMAGE,
        ),
    ] = None
    """An image of your own for training and serving; if omitted, that of `algorithm` in the region."""
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
    input_mode: Annotated[
        Literal["File", "FastFile", "Pipe"],
        Constraint('be "File", "FastFile" or "Pipe"', 'training = { input_mode = "File" }'),
    ] = "File"
    """How the data gets to the instances: `File` copies it to their volumes, `FastFile` gives files that are read from
    S3 when the program reads them, `Pipe` streams it. Linear Learner supports `File` and `Pipe`.
    """
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
        """Whether an image other than that of a built-in algorithm trains the model."""
        return value_types.own_image(self.image)

    @property
    def rules(self) -> AlgorithmRules:
        """The rules of the algorithm, or of the image that replaces it."""
        return algorithms.OWN_IMAGE if self.own_image else algorithms.RULES[self.algorithm]

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        yield from self.rules.broken_rules(self)
        if self.source is None and "entry_point" in self.model_fields_set:
            message = "training.entry_point has no effect without source"
            yield Violation(("entry_point",), Code.UNUSED_FIELD, message, 'add source = "algorithms/my-model"')

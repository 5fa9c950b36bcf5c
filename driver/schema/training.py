"""The training section: what trains, on which machines, and what an image or a code of one's own needs beside it.

terraform/variables.tf types the same fields with the same defaults; tests/test_schema.py holds the two equal.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field

from driver.codes import Code
from driver.schema import fields
from driver.schema.fields import Must
from driver.schema.section import Section

OWN_IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model:1"


class Training(Section):
    """The training job."""

    image: Annotated[
        fields.Image | None,
        Must(
            "be an image in Amazon ECR with its tag or digest",
            f'training = {{ image = "{OWN_IMAGE}" }}',
            Code.BAD_IMAGE,
        ),
    ] = None
    """The training and serving image; unwritten, AWS's Linear Learner of the region."""
    predictor_type: Annotated[
        Literal["regressor", "binary_classifier", "multiclass_classifier"],
        Must(
            'be "regressor", "binary_classifier" or "multiclass_classifier"',
            'training = { predictor_type = "regressor" }',
        ),
    ] = "regressor"
    """What Linear Learner predicts: a number, yes (1) or no (0), or one of several classes (0, 1, 2, …)."""
    instance_type: Annotated[
        fields.InstanceType,
        Must(
            "be an instance type of SageMaker, ml.<family>.<size>",
            'training = { instance_type = "ml.m5.xlarge" }',
            Code.BAD_INSTANCE_TYPE,
        ),
    ] = "ml.m5.xlarge"
    """The machine that trains."""
    instance_count: Annotated[
        int, Field(ge=1, le=100), Must("be between 1 and 100", "training = { instance_count = 1 }")
    ] = 1
    """How many machines train together."""
    volume_gb: Annotated[
        int, Field(ge=1, le=16_384), Must("be between 1 and 16384", "training = { volume_gb = 10 }")
    ] = 10
    """The disk of each of these machines, in GB: the data must fit."""
    # SageMaker stops every job after 28 days.
    max_runtime_minutes: Annotated[
        int,
        Field(ge=1, le=40_320),
        Must("be between 1 and 40320, which is 28 days", "training = { max_runtime_minutes = 60 }"),
    ] = 60
    """After how many minutes SageMaker stops the job."""
    # 100 in all, and Refit sets two of them.
    hyperparameters: Annotated[
        fields.Hyperparameters,
        Field(max_length=98),
        Must(
            "hold at most 98 entries, with names of at most 256 letters, digits and _ . : / - "
            "and values of at most 2500 characters, both in double quotes",
            'training = { hyperparameters = { epochs = "15" } }',
        ),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """The image's own settings, as text; Linear Learner's `feature_dim` and `predictor_type` come from their fields."""
    source: Annotated[
        fields.SourceFolder | None,
        Must(
            "be a folder of the repository, without .. and without / at its beginning",
            f'training = {{ image = "{OWN_IMAGE}", source = "algorithms/my-model" }}',
        ),
    ] = None
    """The folder of the repository with an own algorithm's code, which `refit build` packs (script mode)."""
    entry_point: Annotated[
        fields.EntryPoint,
        Must(
            "be the name of a Python file in the folder source",
            f'training = {{ image = "{OWN_IMAGE}", source = "algorithms/my-model", entry_point = "train.py" }}',
            Code.BAD_NAME,
        ),
    ] = "train.py"
    """The file in `source` that the image runs to train."""
    # 20 in all, and Refit sets two of them:
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
    channels: Annotated[
        dict[fields.ChannelName, fields.DataPrefix],
        Field(max_length=18),
        Must(
            "hold at most 18 channels, with names of at most 64 letters, digits and _ . - "
            "and folders of the bucket that end in /",
            'training = { channels = { test = "data/home-prices/test/" } }',
            Code.BAD_PREFIX,
        ),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """Further input channels: the name of each, and its folder in the pipeline's bucket."""
    metrics: Annotated[
        dict[fields.MetricName, fields.MetricPattern],
        Field(max_length=40),
        Must(
            "hold at most 40 metrics, with names of at most 255 letters, digits and _ . : / @ - "
            "and regular expressions of at most 500 characters with one group",
            f'training = {{ image = "{OWN_IMAGE}", metrics = {{ "validation:mse" = "mse=([0-9.]+)" }} }}',
        ),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """What SageMaker reads from an own image's log: each metric's name, and an expression whose group is its value."""

    @property
    def own_image(self) -> bool:
        """Whether something else than AWS's Linear Learner trains, by the last part of the image's repository."""
        return self.image is not None and re.split("[:@]", self.image.rpartition("/")[2])[0] != "linear-learner"

"""The other sections of a pipeline file: what each may hold, and the rules between the fields of one section.

terraform/variables.tf types the same fields with the same defaults; tests/test_schema.py holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from driver.codes import Code
from driver.schema import fields
from driver.schema.deployment import Deployment
from driver.schema.fields import Finding, Must
from driver.schema.section import Circumstances, Section


class Schedule(Section):
    """When EventBridge Scheduler starts a run."""

    expression: Annotated[
        fields.ScheduleExpression,
        Must("be a schedule of EventBridge Scheduler", 'schedule = { expression = "rate(1 day)" }', Code.BAD_SCHEDULE),
    ] = "rate(1 day)"
    """When a run starts: `rate(…)`, `cron(…)` with six fields, or `at(…)` once."""
    timezone: Annotated[
        fields.TimeZone,
        Must(
            "be a name of the IANA time zone database",
            'schedule = { timezone = "Europe/Berlin" }',
            Code.UNKNOWN_TIME_ZONE,
        ),
    ] = "UTC"
    """The time zone of a `cron(…)` or `at(…)`."""
    enabled: Annotated[bool, Must("be true or false", "schedule = { enabled = false }")] = True
    """Whether the schedule starts runs."""


class Data(Section):
    """Where the daily data lands, and the shape of its rows."""

    prefix: Annotated[
        fields.DataPrefix,
        Must(
            "be a folder of letters, digits and ! _ . ' ( ) = - that ends in /, without empty parts",
            'data = { prefix = "data/home-prices/train/", feature_dim = 13 }',
            Code.BAD_PREFIX,
        ),
    ]
    """The folder in the bucket: a day's data is `<prefix>YYYY-MM-DD.csv`, or everything below `<prefix>YYYY-MM-DD/`."""
    feature_dim: Annotated[
        int,
        Field(ge=1, le=10_000_000),
        Must("be between 1 and 10000000", 'data = { prefix = "data/home-prices/train/", feature_dim = 13 }'),
    ]
    """How many features a row has beside its label, which comes first."""

    def broken_rules(self, given: Circumstances) -> Iterator[Finding]:
        if self.prefix.startswith(("runs/", "models/")):
            message = f'data.prefix must not lie in runs/ or models/, which Refit writes, got "{self.prefix}"'
            yield Finding(("prefix",), Code.RESERVED, message, f'write prefix = "data/{self.prefix}"')


class Training(Section):
    """The training job."""

    image: Annotated[
        fields.Image | None,
        Must(
            "be an image in Amazon ECR with its tag or digest",
            'training = { image = "123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model:1" }',
            Code.BAD_IMAGE,
        ),
    ] = None
    """The training and serving image; unwritten, AWS's Linear Learner of the region."""
    predictor_type: Annotated[
        Literal["regressor", "binary_classifier"],
        Must('be "regressor" or "binary_classifier"', 'training = { predictor_type = "regressor" }'),
    ] = "regressor"
    """What Linear Learner predicts: a number, or yes (1) and no (0)."""
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
    """The image's own settings, as text; `feature_dim` and `predictor_type` come from their fields."""


class Endpoint(Section):
    """The endpoint that serves the model."""

    name: Annotated[
        fields.EndpointName | None,
        Must(
            "be 1 to 63 letters, digits and hyphens between them",
            'endpoint = { name = "home-prices" }',
            Code.BAD_NAME,
        ),
    ] = None
    """The endpoint's name; unwritten, the pipeline's."""
    instance_type: Annotated[
        fields.InstanceType,
        Must(
            "be an instance type of SageMaker, ml.<family>.<size>",
            'endpoint = { instance_type = "ml.m5.large" }',
            Code.BAD_INSTANCE_TYPE,
        ),
    ] = "ml.m5.large"
    """The machine that serves."""
    instance_count: Annotated[
        int, Field(ge=1, le=100), Must("be between 1 and 100", "endpoint = { instance_count = 2 }")
    ] = 1
    """How many machines serve."""
    timeout_minutes: Annotated[
        int,
        Field(ge=1, le=1_440),
        Must("be between 1 and 1440, which is one day", "endpoint = { timeout_minutes = 60 }"),
    ] = 60
    """After how many minutes a deployment that is not ready counts as failed."""
    deployment: Annotated[
        Deployment, Must("be an object", 'endpoint = { instance_count = 4, deployment = { strategy = "canary" } }')
    ] = Deployment()
    """How a new model takes over the traffic."""

    def broken_rules(self, given: Circumstances) -> Iterator[Finding]:
        deployment = self.deployment
        if not deployment.guarded:
            return
        batch, half = deployment.most_of(self.instance_count), self.instance_count // 2
        if self.instance_count == 1:
            message = f"endpoint.deployment.strategy must be all-at-once with one instance, got {deployment.strategy}"
            hint = "write instance_count = 2: at most half of the instances may move at a time"
            yield Finding(("deployment", "strategy"), Code.BATCH_TOO_LARGE, message, hint)
        elif batch > half:
            message = (
                f"endpoint.deployment.batch_percent must be at most half of the {self.instance_count} instances, "
                f"got {deployment.batch_percent}, which is {batch}"
            )
            hint = f"write batch_percent = {100 * half // self.instance_count}"
            yield Finding(("deployment", "batch_percent"), Code.BATCH_TOO_LARGE, message, hint)
        if self.timeout_minutes * 60 <= deployment.waits_seconds:
            yield deployment.too_short("endpoint.timeout_minutes", self.timeout_minutes, ("timeout_minutes",))


class Slack(Section):
    """Where runs report to, and where the bot's token is kept: exactly one of the two places."""

    channel: Annotated[
        fields.SlackChannel,
        Must(
            "be the name of a channel in small letters, or its ID",
            'slack = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }',
            Code.BAD_NAME,
        ),
    ]
    """The channel, by name or ID; the bot must be a member."""
    token_parameter: Annotated[
        fields.ParameterName | None,
        Must(
            "be the full name of an SSM parameter, which begins with / and neither with /aws nor /ssm",
            'slack = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }',
            Code.BAD_NAME,
        ),
    ] = None
    """The SSM SecureString that holds the bot's token, read at run time."""
    token_secret: Annotated[
        fields.SecretName | None,
        Must(
            "be the name or the ARN of a secret in Secrets Manager",
            'slack = { channel = "ml-deployments", token_secret = "refit/slack-token" }',
            Code.BAD_NAME,
        ),
    ] = None
    """The secret in Secrets Manager that holds the bot's token, read at run time."""

    def broken_rules(self, given: Circumstances) -> Iterator[Finding]:
        if (self.token_parameter is None) == (self.token_secret is None):
            message = "slack must have exactly one of token_parameter and token_secret"
            hint = 'write slack = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }'
            yield Finding((), Code.ONE_OF_TWO, message, hint)


class Alarms(Section):
    """Who is told of failed runs."""

    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    actions: Annotated[
        tuple[fields.TopicArn, ...],
        Field(max_length=5),
        Must(
            "hold at most five ARNs, of SNS topics for example",
            'alarms = { actions = ["arn:aws:sns:us-west-2:123456789012:ml-alerts"] }',
            Code.BAD_ARN,
        ),
    ] = ()
    """What CloudWatch tells of failed, timed-out and aborted runs."""


class Retention(Section):
    """After how many days S3 deletes what runs wrote."""

    run_days: Annotated[
        int, Field(ge=1, le=36_500), Must("be between 1 and 36500", "retention = { run_days = 90, model_days = 365 }")
    ]
    """After how many days the files of runs below `runs/` go."""
    model_days: Annotated[
        int, Field(ge=1, le=36_500), Must("be between 1 and 36500", "retention = { run_days = 90, model_days = 365 }")
    ]
    """After how many days models go, one that still serves too: choose it longer than a model may live."""

"""The other sections of a pipeline file: what each may hold, and the rules between the fields of one section.

terraform/variables.tf types the same fields with the same defaults; tests/test_schema.py holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from driver.codes import Code
from driver.schema import fields
from driver.schema.finding import Finding, Must
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
    stale_after_days: Annotated[
        int | None,
        Field(ge=1, le=365),
        Must(
            "be between 1 and 365",
            'data = { prefix = "data/home-prices/train/", feature_dim = 13, stale_after_days = 3 }',
        ),
    ] = None
    """From how many days of age of the newest data on a run says so in Slack; unwritten, never."""

    def broken_rules(self, given: Circumstances) -> Iterator[Finding]:
        if self.prefix.startswith(("runs/", "models/")):
            message = f'data.prefix must not lie in runs/ or models/, which Refit writes, got "{self.prefix}"'
            yield Finding(("prefix",), Code.RESERVED, message, f'write prefix = "data/{self.prefix}"')


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

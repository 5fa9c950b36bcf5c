"""The alarms section of a pipeline file: where CloudWatch reports failed runs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from refit.pipeline.schema import value_types
from refit.pipeline.schema.base import Section
from refit.pipeline.schema.constraints import Constraint
from refit.problem_codes import Code


class Alarms(Section):
    """Who is notified of failed runs."""

    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    actions: Annotated[
        tuple[value_types.TopicArn, ...],
        Field(max_length=5),
        Constraint(
            "contain at most five ARNs, for example of SNS topics",
            'alarms = { actions = ["arn:aws:sns:us-west-2:123456789012:ml-alerts"] }',
            Code.BAD_ARN,
        ),
    ] = ()
    """The ARNs that CloudWatch notifies of failed, timed-out and aborted runs."""

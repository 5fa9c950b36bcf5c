"""The schema of a pipeline file, and the names of the AWS resources that derive from it.

Does not call AWS and does not read the clock: "today" is a parameter.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from refit.domain import data_contract, data_formats, handlers
from refit.pipeline.schema import cross_section, value_types
from refit.pipeline.schema.alarms import Alarms
from refit.pipeline.schema.approval import Approval
from refit.pipeline.schema.arrival import Arrival
from refit.pipeline.schema.base import Section, context_of
from refit.pipeline.schema.constraints import Constraint, Violation, raise_violations
from refit.pipeline.schema.contract import Drift
from refit.pipeline.schema.data import Data
from refit.pipeline.schema.endpoint import Endpoint
from refit.pipeline.schema.gate import EXAMPLE as EXAMPLE_GATE
from refit.pipeline.schema.gate import Gate
from refit.pipeline.schema.retention import Retention
from refit.pipeline.schema.schedule import Schedule
from refit.pipeline.schema.slack import Slack
from refit.pipeline.schema.training import Training
from refit.pipeline.schema.window import Window
from refit.problem_codes import Code

EXAMPLE_DATA = 'data = { prefix = "data/home-prices/train/", feature_dim = 13 }'

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
LogRetention = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]


class Pipeline(Section):
    """One pipeline file. Omitted fields have their defaults; the properties are the names of AWS resources."""

    pipeline: Annotated[
        value_types.PipelineName,
        Constraint(
            "be 2 to 32 lowercase letters, digits and single hyphens, and start with a letter",
            'pipeline = "home-prices"',
            Code.BAD_NAME,
        ),
    ]
    """The pipeline's name, which is also the file's name and part of the names of all AWS resources."""
    region: Annotated[
        value_types.Region | None, Constraint("be the code of an AWS region", 'region = "us-west-2"', Code.BAD_REGION)
    ] = None
    """The AWS region of the stack; if omitted, AWS_REGION or the profile's region."""
    schedule: Annotated[Schedule, Constraint("be an object", 'schedule = { expression = "rate(1 day)" }')] = (
        Schedule.defaults()
    )
    """When runs start automatically."""
    arrival: Annotated[Arrival | None, Constraint("be an object", "arrival = { quiet_minutes = 15 }")] = None
    """Whether new data also starts a run; if omitted, only the schedule does."""
    orchestration: Annotated[
        Literal["direct", "polling"], Constraint('be "direct" or "polling"', 'orchestration = "direct"')
    ] = "direct"
    """How runs call SageMaker: `direct` from Step Functions itself, `polling` with Lambdas that poll for the status."""
    retrain_on: Annotated[
        Literal["new_day", "any_change"], Constraint('be "new_day" or "any_change"', 'retrain_on = "any_change"')
    ] = "new_day"
    """Whether a run trains only with data of a newer day, or also when data in the window arrived late or changed."""
    data: Annotated[Data, Constraint("be an object", EXAMPLE_DATA)]
    """Where the daily data arrives, and the shape of its rows."""
    drift: Annotated[Drift | None, Constraint("be an object", "drift = { max_psi = 0.25 }")] = None
    """How far the data may have moved from the live model's, as a part of the data contract; if omitted, anywhere."""
    window: Annotated[Window, Constraint("be an object", "window = { days = 7 }")] = Window.defaults()
    """The days that a run trains on."""
    training: Annotated[
        Training,
        Field(validate_default=True),  # a default is checked against data
        Constraint("be an object", 'training = { instance_type = "ml.m5.xlarge" }'),
    ] = Training.defaults()
    """The training job."""
    endpoint: Annotated[Endpoint, Constraint("be an object", 'endpoint = { instance_type = "ml.m5.large" }')] = (
        Endpoint.defaults()
    )
    """The endpoint that serves the model."""
    gate: Annotated[Gate | None, Constraint("be an object", EXAMPLE_GATE)] = None
    """The quality that a new model must have to be deployed; if omitted, every model is deployed."""
    approval: Annotated[Approval | None, Constraint("be an object", "approval = { timeout_minutes = 1440 }")] = None
    """Whether a new model needs a manual approval before it is deployed; if omitted, it does not."""
    slack: Annotated[
        Slack | None,
        Constraint("be an object", 'slack = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }'),
    ] = None
    """The Slack channel that runs report to; if omitted, runs send no messages."""
    alarms: Annotated[
        Alarms, Constraint("be an object", 'alarms = { actions = ["arn:aws:sns:us-west-2:123456789012:ml-alerts"] }')
    ] = Alarms.defaults()
    """Who is notified of failed runs."""
    retention: Annotated[
        Retention | None, Constraint("be an object", "retention = { run_days = 90, model_days = 365 }")
    ] = None
    """The number of days after which S3 deletes what runs wrote; if omitted, it is kept."""
    poll_interval_seconds: Annotated[
        int,
        Field(ge=1, le=3_600, validate_default=True),
        Constraint("be between 1 and 3600", "poll_interval_seconds = 60"),
    ] = 60
    """The number of seconds between two checks of the status of a training job or an endpoint."""
    bucket: Annotated[
        value_types.Bucket | None,
        Constraint(
            "be a name that S3 accepts: 3 to 63 lowercase letters, digits and inner hyphens, no reserved prefix",
            'bucket = "my-company-home-prices"',
            Code.BAD_NAME,
        ),
    ] = None
    """The bucket to create for data, models and run files; if omitted, `<pipeline>-<account>-<region>`."""
    sagemaker_role_arn: Annotated[
        value_types.RoleArn | None,
        Constraint(
            "be the ARN of an IAM role",
            'sagemaker_role_arn = "arn:aws:iam::123456789012:role/my-sagemaker-role"',
            Code.BAD_ARN,
        ),
    ] = None
    """An existing IAM role for training and serving; if omitted, the stack creates one with least privilege."""
    log_retention_days: Annotated[
        LogRetention,
        Constraint(f"be one of {', '.join(map(str, LogRetention.__args__))}", "log_retention_days = 30"),
    ] = 30
    """The number of days that CloudWatch keeps the logs of the Lambdas and the state machine."""
    force_destroy: Annotated[bool, Constraint("be true or false", "force_destroy = true")] = False
    """Whether destroying the stack also deletes a bucket that is not empty."""
    # AWS allows 50 on a resource; ten are reserved for Refit and for tag policies of AWS Organizations.
    tags: Annotated[
        value_types.Tags,
        Field(max_length=40),
        Constraint(
            "contain at most 40 tags, with names of 1 to 128 and values of at most 256 letters, digits, spaces "
            "and _ . : / = + - @, both in double quotes",
            'tags = { team = "pricing" }',
        ),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """Tags for all resources of the stack, in addition to `refit:pipeline` and `refit:environment`."""

    @field_validator("pipeline")
    @classmethod
    def _matches_file_name(cls, value: str, info: ValidationInfo) -> str:
        name = context_of(info).name
        if name is not None and value != name:
            message = f'pipeline must be the name of its file, {json.dumps(name)}, got "{value}"'
            hint = f"rename the file to {value}.tfvars"
            if re.match(value_types.PIPELINE_NAME, name) and len(name) <= 32:
                hint = f"write pipeline = {json.dumps(name)}, or {hint}"
            raise_violations([Violation((), Code.NAME_MISMATCH, message, hint)])
        return value

    @field_validator(*cross_section.RULES)
    @classmethod
    def _fits_other_sections(cls, value: Any, info: ValidationInfo) -> Any:
        raise_violations(cross_section.RULES[str(info.field_name)](value, info.data, context_of(info)))
        return value

    @property
    def contract(self) -> data_contract.Contract | None:
        """What the data is checked by; None if the file has no data.schema."""
        data, rows = self.data, self.data.rows
        if not data.schema:
            return None
        return data_contract.Contract(
            columns=tuple(data_contract.Column(**column.model_dump()) for column in data.schema),
            min_rows=rows.min if rows else None,
            max_row_change=rows.max_change if rows else None,
            on_bad_day=data.on_bad_day,
            max_psi=self.drift.max_psi if self.drift else None,
            format=data.contract_format or data_formats.CSV,
        )

    @property
    def endpoint_name(self) -> str:
        return self.endpoint.name or self.pipeline

    @property
    def state_machine_name(self) -> str:
        return f"refit-{self.pipeline}"

    @property
    def rollback_alarms(self) -> tuple[str, ...]:
        """The alarms that roll a deployment back; by default the stack's own (terraform/modules/alarms)."""
        return self.endpoint.deployment.alarms or (f"{self.state_machine_name}-endpoint-errors",)

    @property
    def watermark_parameter(self) -> str:
        return f"/models/{self.pipeline}/train/latest"

    @property
    def run_parameter(self) -> str:
        """The parameter with the run that set the watermark."""
        return f"/models/{self.pipeline}/train/run"

    @property
    def commit_parameter(self) -> str:
        """The parameter with the commits that have claimed and deployed the pipeline (refit.aws.commit_claim)."""
        return f"/models/{self.pipeline}/train/commit"

    @property
    def hold_parameter(self) -> str:
        """The parameter with the hold, which keeps runs from replacing the live model."""
        return f"/models/{self.pipeline}/hold"

    @property
    def hyperparameters(self) -> dict[str, str]:
        """The training job's hyperparameters: the file's, and those that the algorithm takes from other fields."""
        return self.training.rules.hyperparameters(self.training, self.data.feature_dim)

    @property
    def awaited_metrics(self) -> tuple[str, ...]:
        """The metrics of which a completed training job must report one before the run continues.

        A job may report its metrics a moment after its end. A gate needs its own metric.
        """
        if self.gate is not None:
            return (self.gate.metric,)
        return self.training.rules.reported(self.training)

    @property
    def handlers(self) -> tuple[str, ...]:
        """The keys of the Lambda functions in the pipeline's stack."""
        return handlers.of_stack(
            polling=self.orchestration == "polling",
            gate=self.gate is not None,
            contract=self.contract is not None,
            arrival=self.arrival is not None,
        )

"""A pipeline: the schema of its file, and the names that derive from it.

It must not talk to AWS, and it knows no clock: "today" is handed in.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from refit.pipeline.schema import cross_section, value_types
from refit.pipeline.schema.alarms import Alarms
from refit.pipeline.schema.approval import Approval
from refit.pipeline.schema.arrival import Arrival
from refit.pipeline.schema.base import Section, circumstances
from refit.pipeline.schema.constraints import Constraint, Violation, findings
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
    """One pipeline file. Fields that are not written have their defaults; AWS names are the properties."""

    pipeline: Annotated[
        value_types.PipelineName,
        Constraint(
            "be 2 to 32 small letters, digits and single hyphens, and begin with a letter",
            'pipeline = "home-prices"',
            Code.BAD_NAME,
        ),
    ]
    """The pipeline's name, which is also its file's name and the root of the names of everything on AWS."""
    region: Annotated[
        value_types.Region | None, Constraint("be the code of an AWS region", 'region = "us-west-2"', Code.BAD_REGION)
    ] = None
    """The AWS region of the stack; unwritten, AWS_REGION or the profile's region."""
    schedule: Annotated[Schedule, Constraint("be an object", 'schedule = { expression = "rate(1 day)" }')] = Schedule()
    """When a run starts by itself."""
    arrival: Annotated[Arrival | None, Constraint("be an object", "arrival = { quiet_minutes = 15 }")] = None
    """Whether new data starts a run too; unwritten, the schedule alone does."""
    orchestration: Annotated[
        Literal["direct", "polling"], Constraint('be "direct" or "polling"', 'orchestration = "direct"')
    ] = "direct"
    """Who talks to SageMaker: `direct` is Step Functions itself, `polling` are Lambdas that ask again and again."""
    retrain_on: Annotated[
        Literal["new_day", "any_change"], Constraint('be "new_day" or "any_change"', 'retrain_on = "any_change"')
    ] = "new_day"
    """What a run trains for: data of a newer day alone, or also data of the window that came late or was corrected."""
    data: Annotated[Data, Constraint("be an object", EXAMPLE_DATA)]
    """Where the daily data lands, and the shape of its rows."""
    window: Annotated[Window, Constraint("be an object", "window = { days = 7 }")] = Window()
    """The days that a run trains on."""
    training: Annotated[Training, Constraint("be an object", 'training = { instance_type = "ml.m5.xlarge" }')] = (
        Training()
    )
    """The training job."""
    endpoint: Annotated[Endpoint, Constraint("be an object", 'endpoint = { instance_type = "ml.m5.large" }')] = (
        Endpoint()
    )
    """The endpoint that serves the model."""
    gate: Annotated[Gate | None, Constraint("be an object", EXAMPLE_GATE)] = None
    """What a new model must reach to be deployed; unwritten, every one is."""
    approval: Annotated[Approval | None, Constraint("be an object", "approval = { timeout_minutes = 1440 }")] = None
    """Whether a person must agree before a new model is deployed; unwritten, nobody is asked."""
    slack: Annotated[
        Slack | None,
        Constraint("be an object", 'slack = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }'),
    ] = None
    """Where runs report to; unwritten, nowhere."""
    alarms: Annotated[
        Alarms, Constraint("be an object", 'alarms = { actions = ["arn:aws:sns:us-west-2:123456789012:ml-alerts"] }')
    ] = Alarms()
    """Who is told of failed runs."""
    retention: Annotated[
        Retention | None, Constraint("be an object", "retention = { run_days = 90, model_days = 365 }")
    ] = None
    """After how many days S3 deletes what runs wrote; unwritten, never."""
    poll_interval_seconds: Annotated[
        int,
        Field(ge=1, le=3_600, validate_default=True),
        Constraint("be between 1 and 3600", "poll_interval_seconds = 60"),
    ] = 60
    """How long a run waits before it asks again whether the training job or the endpoint is ready."""
    bucket: Annotated[
        value_types.Bucket | None,
        Constraint(
            "be a name that S3 accepts: 3 to 63 small letters, digits and hyphens between them, no reserved prefix",
            'bucket = "my-company-home-prices"',
            Code.BAD_NAME,
        ),
    ] = None
    """The bucket to make, for data, models and the files of runs; unwritten, `<pipeline>-<account>-<region>`."""
    sagemaker_role_arn: Annotated[
        value_types.RoleArn | None,
        Constraint(
            "be the ARN of an IAM role",
            'sagemaker_role_arn = "arn:aws:iam::123456789012:role/my-sagemaker-role"',
            Code.BAD_ARN,
        ),
    ] = None
    """An existing role for training and serving; unwritten, the stack makes one with no more rights than they need."""
    log_retention_days: Annotated[
        LogRetention,
        Constraint(f"be one of {', '.join(map(str, LogRetention.__args__))}", "log_retention_days = 30"),
    ] = 30
    """How many days CloudWatch keeps the logs of the Lambdas and of the state machine."""
    force_destroy: Annotated[bool, Constraint("be true or false", "force_destroy = true")] = False
    """Whether destroying the stack also deletes a bucket that still holds data and models."""
    # AWS allows 50 on a resource; ten are left to Refit and to AWS Organizations' policies.
    tags: Annotated[
        value_types.Tags,
        Field(max_length=40),
        Constraint(
            "hold at most 40 tags, with names of 1 to 128 and values of at most 256 letters, digits, spaces "
            "and _ . : / = + - @, both in double quotes",
            'tags = { team = "pricing" }',
        ),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """Tags for everything in the stack, beside `refit:pipeline` and `refit:environment`."""

    @field_validator("pipeline")
    @classmethod
    def _is_the_files_name(cls, value: str, info: ValidationInfo) -> str:
        name = circumstances(info).name
        if name is not None and value != name:
            message = f'pipeline must be the name of its file, {json.dumps(name)}, got "{value}"'
            hint = f"write pipeline = {json.dumps(name)}, or rename the file to {value}.tfvars"
            findings([Violation((), Code.NAME_MISMATCH, message, hint)])
        return value

    @field_validator(*cross_section.RULES)
    @classmethod
    def _goes_with_the_others(cls, value: Any, info: ValidationInfo) -> Any:
        findings(list(cross_section.RULES[str(info.field_name)](value, info.data, circumstances(info))))
        return value

    @property
    def endpoint_name(self) -> str:
        return self.endpoint.name or self.pipeline

    @property
    def state_machine_name(self) -> str:
        return f"refit-{self.pipeline}"

    @property
    def rollback_alarms(self) -> tuple[str, ...]:
        """The alarms that take the old model back; the stack has one of its own (terraform/modules/alarms)."""
        return self.endpoint.deployment.alarms or (f"{self.state_machine_name}-endpoint-errors",)

    @property
    def watermark_parameter(self) -> str:
        return f"/models/{self.pipeline}/train/latest"

    @property
    def run_parameter(self) -> str:
        """Names the run whose data the watermark speaks of."""
        return f"/models/{self.pipeline}/train/run"

    @property
    def hold_parameter(self) -> str:
        """Says who holds the pipeline, so that no run replaces its model."""
        return f"/models/{self.pipeline}/hold"

    @property
    def hyperparameters(self) -> dict[str, str]:
        """What the training job is given: the file's, and for Linear Learner those that have fields of their own."""
        if self.training.own_image:
            return self.training.hyperparameters
        own = {"feature_dim": str(self.data.feature_dim), "predictor_type": self.training.predictor_type}
        return {**own, **self.training.hyperparameters}

    @property
    def handlers(self) -> tuple[str, ...]:
        """The keys of the pipeline's Lambdas, in the order in which a run comes to them."""
        polling = self.orchestration == "polling"
        wanted = {
            "object_arrived": self.arrival is not None,
            "check_data": True,
            "start_training_job": polling,
            "get_status": polling,
            "evaluate_model": self.gate is not None,
            "deploy_model": polling,
            "update_parameters": polling,
            "notify_slack": True,
            "clean_up": True,
        }
        return tuple(handler for handler, want in wanted.items() if want)

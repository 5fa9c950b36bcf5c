"""The names and ARNs of a pipeline's stack.

The naming rules are Terraform's (`terraform/main.tf`); a test compares them with Terraform's outputs.
"""

from __future__ import annotations

from dataclasses import dataclass

from refit.aws.session import Aws, calling
from refit.domain.data_bucket import DataBucket
from refit.domain.data_formats import CSV, FORMATS, DataFormat
from refit.domain.layout import Layout
from refit.pipeline.model import Pipeline


@dataclass(frozen=True)
class Stack:
    """Names and ARNs that the driver needs, without calling Terraform."""

    bucket: str
    data_prefix: str
    endpoint: str
    state_machine_arn: str
    watermark_parameter: str
    run_parameter: str
    hold_parameter: str
    commit_parameter: str
    layout: str | None = None
    ready: str | None = None
    data_format: DataFormat = FORMATS[CSV]
    existing_bucket: DataBucket | None = None
    """The bucket with the data if it is not the stack's own."""

    @property
    def account(self) -> str:
        """The ID of the stack's account."""
        return self.state_machine_arn.split(":")[4]

    @property
    def data_bucket(self) -> DataBucket:
        """The bucket with the data."""
        return self.existing_bucket or DataBucket(self.bucket)

    @property
    def keys(self) -> Layout:
        """The keys of the days' data."""
        return Layout(self.data_prefix, self.layout, self.ready, self.data_format.suffix)

    @classmethod
    def of(cls, pipeline: Pipeline, aws: Aws) -> Stack:
        """The stack of `pipeline` in the account that the credentials belong to. Raises AwsError."""
        with calling("verify your AWS credentials"):
            caller = aws.sts.get_caller_identity()
        partition = caller["Arn"].split(":")[1]
        account = caller["Account"]
        name = pipeline.pipeline
        return cls(
            bucket=pipeline.bucket or f"{name}-{account}-{aws.region}",
            data_prefix=pipeline.data.prefix,
            endpoint=pipeline.endpoint_name,
            state_machine_arn=f"arn:{partition}:states:{aws.region}:{account}:stateMachine:refit-{name}",
            watermark_parameter=pipeline.watermark_parameter,
            run_parameter=pipeline.run_parameter,
            hold_parameter=pipeline.hold_parameter,
            commit_parameter=pipeline.commit_parameter,
            layout=pipeline.data.layout,
            ready=pipeline.data.ready,
            data_format=pipeline.data.data_format,
            existing_bucket=pipeline.data.existing_bucket,
        )

"""SageMaker resources as the embedded cloud stores them. Every field can be saved as JSON."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, ClassVar

from refit.embedded_cloud.sagemaker.scope import Scope

Json = dict[str, Any]


def now() -> float:
    """The current time in seconds since 1970, rounded to the millisecond as in AWS's responses."""
    return round(time.time(), 3)


def milliseconds(seconds: float | None) -> int | None:
    """A time of `now` as events have it; None for none."""
    return None if seconds is None else round(seconds * 1000)


@dataclass(kw_only=True)
class Record:
    """The fields of every resource. Times are those of `now`.

    Of its classes, KIND is the type in ARNs, MEMBER the beginning of the members that name it in requests and responses
    (`ModelName`, `ModelArn`), LIST the member of the List operation's response, and LABEL the name in error messages.
    """

    KIND: ClassVar[str]
    MEMBER: ClassVar[str]
    LIST: ClassVar[str]
    LABEL: ClassVar[str]
    account: str
    region: str
    name: str
    created: float
    modified: float
    tags: list[Json] = field(default_factory=list)

    @property
    def scope(self) -> Scope:
        """The account and region of the resource."""
        return Scope(self.account, self.region)

    @property
    def arn(self) -> str:
        """The ARN of the resource."""
        return self.scope.arn(self.KIND, self.name)


@dataclass(kw_only=True)
class Job(Record):
    """What training and processing jobs have in common; `request` is the unchanged Create request."""

    request: Json
    started: float | None = None
    ended: float | None = None
    failure_reason: str = ""


@dataclass(kw_only=True)
class TrainingJob(Job):
    """`secondary` is a key of training_statuses.STATUSES."""

    KIND, MEMBER, LIST, LABEL = "training-job", "TrainingJob", "TrainingJobSummaries", "training job"
    secondary: str = ""
    transitions: list[Json] = field(default_factory=list)
    metrics: dict[str, float] = field(default_factory=dict)
    artifacts: str = ""


@dataclass(kw_only=True)
class ProcessingJob(Job):
    """`status` is a key of processing_statuses.NEXT; `exit_message` is what the program left when it ended."""

    KIND, MEMBER, LIST, LABEL = "processing-job", "ProcessingJob", "ProcessingJobSummaries", "processing job"
    status: str = ""
    exit_message: str = ""


@dataclass(kw_only=True)
class Model(Record):
    """`request` is the CreateModel request. If it has Containers, their only one is also its PrimaryContainer."""

    KIND, MEMBER, LIST, LABEL = "model", "Model", "Models", "model"
    request: Json


@dataclass(kw_only=True)
class EndpointConfig(Record):
    """`request` is the CreateEndpointConfig request, with the default weights of its variants."""

    KIND, MEMBER, LIST, LABEL = "endpoint-config", "EndpointConfig", "EndpointConfigs", "endpoint configuration"
    request: Json


@dataclass(kw_only=True)
class Endpoint(Record):
    """`config` and `variants` are in service; `pending` is the config of a change in progress, `wanted` its variants.

    A variant in service has its current weight and instance count as InitialVariantWeight and InitialInstanceCount.
    `features` are the members of the config in service that DescribeEndpoint shows.
    """

    KIND, MEMBER, LIST, LABEL = "endpoint", "Endpoint", "Endpoints", "endpoint"
    status: str
    config: str
    variants: list[Json] = field(default_factory=list)
    features: Json = field(default_factory=dict)
    pending: str = ""
    wanted: list[Json] = field(default_factory=list)
    deployment_config: Json = field(default_factory=dict)
    failure_reason: str = ""

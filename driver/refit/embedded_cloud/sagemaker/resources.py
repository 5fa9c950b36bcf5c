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


@dataclass(kw_only=True)
class Record:
    """The fields of every resource. Times are those of `now`."""

    KIND: ClassVar[str]
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
class TrainingJob(Record):
    """`secondary` is a key of training_statuses.STATUSES; `request` is the unchanged CreateTrainingJob request."""

    KIND = "training-job"
    request: Json
    secondary: str = ""
    transitions: list[Json] = field(default_factory=list)
    started: float | None = None
    ended: float | None = None
    failure_reason: str = ""
    metrics: dict[str, float] = field(default_factory=dict)
    artifacts: str = ""


@dataclass(kw_only=True)
class Model(Record):
    """`request` is the CreateModel request, with its only container as PrimaryContainer."""

    KIND = "model"
    request: Json


@dataclass(kw_only=True)
class EndpointConfig(Record):
    """`request` is the CreateEndpointConfig request, with the default weights of its variants."""

    KIND = "endpoint-config"
    request: Json


@dataclass(kw_only=True)
class Endpoint(Record):
    """`config` and `variants` are in service; `pending` is the config of an update in progress."""

    KIND = "endpoint"
    status: str
    config: str
    variants: list[Json] = field(default_factory=list)
    pending: str = ""
    deployment_config: Json = field(default_factory=dict)
    failure_reason: str = ""

"""What serves now: an endpoint, the config in use, its models and machines. Asks SageMaker and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from refit.aws.session import Aws, calling
from refit.errors import NotFound


def endpoint(aws: Aws, name: str) -> EndpointStatus | None:
    """The endpoint called `name` and the config that it serves with; None when there is none. Raises AwsError."""
    try:
        with calling(f"describe the endpoint {name}"):
            found = aws.sagemaker.describe_endpoint(EndpointName=name)
    except NotFound:
        return None
    config = found["EndpointConfigName"]
    # An endpoint that is still being created has no variants yet, and its config has them already.
    running = {variant["VariantName"]: variant for variant in found.get("ProductionVariants", [])}
    return EndpointStatus(
        name=name,
        status=found["EndpointStatus"],
        reason=found.get("FailureReason", ""),
        config=config,
        variants=tuple(_variant(one, running.get(one["VariantName"], {})) for one in _asked(aws, config)),
    )


def _asked(aws: Aws, config: str) -> Sequence[Any]:
    """The variants of an endpoint config; none when somebody has deleted it under its endpoint."""
    try:
        with calling(f"describe the endpoint config {config}"):
            return aws.sagemaker.describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"]
    except NotFound:
        return ()


def _variant(asked: Any, running: Any) -> Variant:
    return Variant(
        model=asked.get("ModelName", ""),
        instance_type=asked.get("InstanceType"),
        asked=asked.get("InitialInstanceCount"),
        running=running.get("CurrentInstanceCount"),
    )


def has_model(aws: Aws, name: str) -> bool:
    """Whether SageMaker still has the model. Raises AwsError."""
    try:
        with calling(f"describe the model {name}"):
            aws.sagemaker.describe_model(ModelName=name)
    except NotFound:
        return False
    return True


@dataclass(frozen=True)
class Variant:
    """What serves: a model on machines of one kind, as many as the config has `asked` for, and as are `running`.

    None is what AWS does not tell: a serverless variant has no machines, one that is being created none yet.
    """

    model: str
    instance_type: str | None
    asked: int | None
    running: int | None


@dataclass(frozen=True)
class EndpointStatus:
    """The endpoint, and the config that it serves with."""

    name: str
    status: str
    reason: str
    config: str
    variants: tuple[Variant, ...]

    @property
    def model(self) -> str | None:
        """The one model that serves; None when that cannot be said of several, or of a config that is gone."""
        return self.variants[0].model if len(self.variants) == 1 else None

"""Describes a SageMaker endpoint: its status, the endpoint config in use, its models and instances. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from refit.aws.session import Aws, calling
from refit.domain import endpoint_config
from refit.domain.endpoint_config import Identity, VariantIdentity
from refit.errors import NotFound


@dataclass(frozen=True)
class Variant:
    """A variant as the endpoint config requests it, and how many of its instances are `running`.

    `running` is None if AWS does not report it: for a serverless variant, or while the endpoint is being created.
    """

    identity: VariantIdentity
    running: int | None

    @property
    def model(self) -> str:
        return self.identity.model or ""

    @property
    def instance_type(self) -> Any:
        return self.identity.settings.get("instance_type")

    @property
    def asked(self) -> Any:
        """The number of instances that the config requests."""
        return self.identity.settings.get("instance_count")

    def document(self) -> dict[str, Any]:
        """For JSON output."""
        return {name: getattr(self, name) for name in ("model", "instance_type", "asked", "running")}


@dataclass(frozen=True)
class EndpointStatus:
    """An endpoint, and the config that it uses."""

    name: str
    status: str
    reason: str
    config: str
    variants: tuple[Variant, ...]

    @property
    def identity(self) -> Identity:
        """The identity of the config; empty if the config has been deleted."""
        return tuple(variant.identity for variant in self.variants)

    @property
    def model(self) -> str | None:
        """The live model; None if there are several variants, or if the config has been deleted."""
        return self.variants[0].model if len(self.variants) == 1 else None


def endpoint(aws: Aws, name: str) -> EndpointStatus | None:
    """The endpoint called `name` and the config that it uses; None if it does not exist. Raises AwsError."""
    try:
        with calling(f"describe the endpoint {name}"):
            described = aws.sagemaker.describe_endpoint(EndpointName=name)
    except NotFound:
        return None
    config = described.get("EndpointConfigName", "")
    # While an endpoint is being created, only its config has variants.
    variants = described.get("ProductionVariants", [])
    running: dict[str | None, int | None] = {one["VariantName"]: one.get("CurrentInstanceCount") for one in variants}
    return EndpointStatus(
        name=name,
        status=described["EndpointStatus"],
        reason=described.get("FailureReason", ""),
        config=config,
        variants=tuple(Variant(one, running.get(one.name)) for one in (_identity(aws, config) if config else ())),
    )


def _identity(aws: Aws, config: str) -> Identity:
    """The identity of an endpoint config; empty if the config has been deleted while its endpoint uses it."""
    try:
        with calling(f"describe the endpoint config {config}"):
            return endpoint_config.identity(aws.sagemaker.describe_endpoint_config(EndpointConfigName=config))
    except NotFound:
        return ()


def has_model(aws: Aws, name: str) -> bool:
    """Whether the model exists in SageMaker. Raises AwsError."""
    try:
        with calling(f"describe the model {name}"):
            aws.sagemaker.describe_model(ModelName=name)
    except NotFound:
        return False
    return True

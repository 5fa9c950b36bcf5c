"""The instances that a model serves on, as an endpoint config asks for them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Fleet(NamedTuple):
    """The type and the number of the instances."""

    instance_type: str
    instance_count: int

    def __str__(self) -> str:
        return f"{self.instance_count} × {self.instance_type}"


def wanted(settings: Mapping[str, Any]) -> Fleet:
    """The instances that the pipeline asks for."""
    return Fleet(settings["instance_type"], settings["instance_count"])


def served(config: Mapping[str, Any]) -> list[tuple[str, Fleet]]:
    """Each model of an endpoint config (as DescribeEndpointConfig answers), with the instances that it asks for."""
    return [
        (str(variant.get("ModelName")), Fleet(variant.get("InstanceType"), variant.get("InitialInstanceCount")))
        for variant in config["ProductionVariants"]
    ]

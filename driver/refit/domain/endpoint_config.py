"""Builds the CreateEndpointConfig request of a run, and the identity by which two endpoint configs are compared. Pure.

Adoption, redeployment, rollback and drift compare identities; the direct graph compares the same members in JSONata.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from refit.domain.run_document import Tag

VARIANT = "AllTraffic"
"""The name of the only variant, the same in every run, because an update retains the capacity of variants by name."""

VARIANT_MEMBERS: Mapping[str, str] = MappingProxyType(
    {"instance_type": "InstanceType", "instance_count": "InitialInstanceCount"}
)
"""Each field of a pipeline file's `endpoint` that an endpoint config holds → the member of ProductionVariant.

Changing one of these fields redeploys the model (refit.plan.actions), so each of them is part of the identity.
"""

IDENTITY_MEMBERS = ("VariantName", "ModelName", *VARIANT_MEMBERS.values())
"""The members of ProductionVariant that make up the identity."""

CAPACITY_MEMBER = VARIANT_MEMBERS["instance_count"]
"""The member that autoscaling overrides on a running endpoint."""


@dataclass(frozen=True)
class VariantIdentity:
    """The properties by which two variants are compared: name, model, and `settings` by their pipeline file field.

    Members that a config does not have are None: a serverless variant has no instances.
    """

    name: str | None
    model: str | None
    settings: Mapping[str, object]

    def __str__(self) -> str:
        shown = [f"{self.settings.get('instance_count')} × {self.settings.get('instance_type')}"]
        instances = ("instance_type", "instance_count")
        shown += [f"{field} = {value}" for field, value in self.settings.items() if field not in instances]
        return ", ".join(shown if self.name == VARIANT else [*shown, f"variant {self.name}"])


Identity = tuple[VariantIdentity, ...]
"""The variants of an endpoint config, in its order."""


def variant(model: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The ProductionVariant that serves `model`; `settings` has the fields of VARIANT_MEMBERS, others are ignored."""
    return {
        "VariantName": VARIANT,
        "ModelName": model,
        **{member: settings[field] for field, member in VARIANT_MEMBERS.items()},
        # A single variant gets all requests regardless of its weight, so the weight is not part of the identity.
        "InitialVariantWeight": 1.0,
    }


def request(name: str, model: str, settings: Mapping[str, Any], tags: Sequence[Tag] = ()) -> dict[str, Any]:
    """CreateEndpointConfig's parameters for the config `name` that serves `model` alone."""
    return {"EndpointConfigName": name, "ProductionVariants": [variant(model, settings)], "Tags": list(tags)}


def identity(config: Mapping[str, Any]) -> Identity:
    """The identity of a config, either from its request or from DescribeEndpointConfig's response."""
    return tuple(
        VariantIdentity(
            one.get("VariantName"),
            one.get("ModelName"),
            {field: one.get(member) for field, member in VARIANT_MEMBERS.items()},
        )
        for one in config["ProductionVariants"]
    )


def same_capacity(current: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether two configs request the same number of instances for the same variants.

    Then an update keeps the capacity that autoscaling has reached since (RetainAllVariantProperties). Otherwise the
    pipeline's instance_count was changed, and retaining would silently ignore the change.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
    """
    counts = [
        {one["VariantName"]: one.get(CAPACITY_MEMBER) for one in config["ProductionVariants"]}
        for config in (current, wanted)
    ]
    return counts[0] == counts[1]

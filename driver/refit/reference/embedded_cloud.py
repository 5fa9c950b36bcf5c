"""Generates the tables of docs/embedded-cloud.md: what is emulated, what is only stored, and what is rejected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import botocore.session

from refit.reference.constants import keys, literal
from refit.reference.imports import Source

CLOUD = "refit.embedded_cloud"
SERVICES = {
    "SageMaker": f"{CLOUD}.sagemaker.api",
    "Step Functions": f"{CLOUD}.step_functions.api.dispatch",
}
INTEGRATIONS = f"{CLOUD}.step_functions.integrations"
MEMBERS = f"{CLOUD}.sagemaker.members"


def operations(source: Source) -> str:
    """The operations of Refit's own emulations; each other operation is rejected."""
    rows = [f"| {service} | {_list(keys(source, module, 'OPERATIONS'))} |" for service, module in SERVICES.items()]
    return "\n".join(["| service | operations |", "|---|---|", *rows]) + "\n"


def integrations(source: Source) -> str:
    """The optimized integrations that run here, with the patterns besides request and response."""
    waiting = keys(source, INTEGRATIONS, "SYNC")
    rows = []
    for service, action in keys(source, INTEGRATIONS, "OPTIMIZED"):
        pattern = "`.sync`" if (service, action) in waiting else ""
        rows.append(f"| `{service}:{action}` | {pattern} |")
    return "\n".join(["| integration | also with |", "|---|---|", *rows]) + "\n"


def members(source: Source) -> str:
    """The members of SageMaker's requests by what becomes of them; the rejected ones are the rest of AWS's model."""
    model = botocore.session.Session().get_service_model("sagemaker")
    emulated, stored = literal(source, MEMBERS, "EMULATED"), literal(source, MEMBERS, "STORED")
    rows = []
    for structure, names in emulated.items():
        known = {*names, *stored.get(structure, ())}
        shape: Any = model.shape_for(structure)
        rejected = [name for name in shape.members if name not in known]
        operation = structure.removesuffix("Request").removesuffix("Input")
        title = operation if operation in model.operation_names else structure
        rows.append(f"| {title} | {_list(names)} | {_list(stored.get(structure, ()))} | {_list(rejected)} |")
    return "\n".join(["| of | emulated | only stored and returned | rejected |", "|---|---|---|---|", *rows]) + "\n"


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)

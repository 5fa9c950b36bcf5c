"""Checks the static part of a task's Parameters or Arguments against the API of its integration.

Words and their location: "The field 'RoleArn' is required but was missing" (badmintoncryer/cdk-preflight,
pf-sfn-asl-integration-parameters), "The field \\"key\\" is not supported by Step Functions"
(aws/amazon-sagemaker-examples#4492, with "Did you mean …" where only the case differs).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from botocore.model import OperationModel, Shape

from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostic, Diagnostics, schema
from refit.embedded_cloud.step_functions.definition.integrations import Action
from refit.embedded_cloud.step_functions.definition.service_models import (
    Naming,
    capitalized,
    java_name,
    members,
    operation,
    required,
)


def check_optimized(action: Action, value: Any, location: str) -> Diagnostics:
    """The parameters of an optimized integration: API members that begin with a capital letter."""
    if not isinstance(value, dict):
        return
    given = _given(value)
    yield from (_missing(name, location) for name in action.required if name not in given)
    shapes = operation(*action.operation) if action.operation else None
    if shapes is not None:
        yield from _structure(shapes.input_shape, value, location, capitalized, action.only)


def check_sdk(shapes: OperationModel, value: Any, location: str) -> Diagnostics:
    """The parameters of an AWS SDK integration: the names of the AWS SDK for Java."""
    yield from _structure(shapes.input_shape, value, location, java_name)


def _given(value: dict[str, Any]) -> list[str]:
    return [name.removesuffix(".$") for name in value]


def _structure(shape: Any, value: Any, location: str, naming: Naming, only: Sequence[str] | None = None) -> Diagnostics:
    """Values that are not objects are left to the API, which sees what they evaluate to."""
    if not isinstance(value, dict) or getattr(shape, "is_document_type", False):
        return
    known = members(shape, naming)
    supported = known.keys() if only is None else only
    given = _given(value)
    yield from (_missing(name, location) for name in required(shape, naming) if name not in given)
    yield from (_unknown(name, supported, location) for name in given if name not in supported)
    for name, member in value.items():
        if name in known:
            yield from _value(known[name], member, location, naming)


def _value(shape: Shape, value: Any, location: str, naming: Naming) -> Diagnostics:
    kind: Any = shape
    if shape.type_name == "structure":
        yield from _structure(kind, value, location, naming)
    elif shape.type_name == "list" and isinstance(value, list):
        for item in value:
            yield from _value(kind.member, item, location, naming)
    elif shape.type_name == "map" and isinstance(value, dict):
        for name, item in value.items():
            if not name.endswith(".$"):
                yield from _value(kind.value, item, location, naming)


def _missing(name: str, location: str) -> Diagnostic:
    return schema(f"The field '{name}' is required but was missing", location)


def _unknown(name: str, known: Collection[str], location: str) -> Diagnostic:
    words = f'The field "{name}" is not supported by Step Functions'
    near = next((each for each in known if each.lower() == name.lower()), None)
    return schema(f"{words}. Did you mean '{near}'?" if near else words, location)

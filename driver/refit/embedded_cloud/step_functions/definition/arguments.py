"""Checks the static part of a task's Parameters or Arguments against the API of its integration.

Words and their location: "The field 'RoleArn' is required but was missing" (badmintoncryer/cdk-preflight,
pf-sfn-asl-integration-parameters), "The field \\"key\\" is not supported by Step Functions"
(aws/amazon-sagemaker-examples#4492, with "Did you mean …" where only the case differs).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.model import OperationModel, Shape

from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostics, schema
from refit.embedded_cloud.step_functions.definition.integrations import Action
from refit.embedded_cloud.step_functions.definition.service_models import Naming, capitalized, java_name, members
from refit.embedded_cloud.step_functions.definition.service_models import operation as operation_model


def check_optimized(action: Action, value: Any, location: str) -> Diagnostics:
    """The parameters of an optimized integration: API members that begin with a capital letter."""
    if not isinstance(value, dict):
        return
    given = _given(value)
    yield from (_missing(name, location) for name in action.required if name not in given)
    if action.operation is None:
        return
    shapes = operation_model(*action.operation)
    if shapes is None or shapes.input_shape is None:
        return
    if action.only is not None:
        yield from (_unknown(name, action.only, location) for name in given if name not in action.only)
        value = {name: member for name, member in value.items() if name.removesuffix(".$") in action.only}
    yield from _structure(shapes.input_shape, value, location, capitalized)


def check_sdk(shapes: OperationModel, value: Any, location: str) -> Diagnostics:
    """The parameters of an AWS SDK integration: the names of the AWS SDK for Java."""
    if shapes.input_shape is None:
        if isinstance(value, dict):
            yield from (_unknown(name, (), location) for name in _given(value))
    else:
        yield from _structure(shapes.input_shape, value, location, java_name)


def _given(value: dict[str, Any]) -> list[str]:
    return [name.removesuffix(".$") for name in value]


def _structure(shape: Any, value: Any, location: str, naming: Naming) -> Diagnostics:
    """Values that are no objects are left to the API, which sees what they evaluate to."""
    if not isinstance(value, dict) or getattr(shape, "is_document_type", False):
        return
    known = members(shape, naming)
    given = _given(value)
    required = [naming(name) for name in shape.required_members]
    yield from (_missing(name, location) for name in required if name not in given)
    yield from (_unknown(name, known, location) for name in given if name not in known)
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
        for item in _static_members(value):
            yield from _value(kind.value, item, location, naming)


def _static_members(value: dict[str, Any]) -> Iterator[Any]:
    return (member for name, member in value.items() if not name.endswith(".$"))


def _missing(name: str, location: str) -> Any:
    return schema(f"The field '{name}' is required but was missing", location)


def _unknown(name: str, known: Any, location: str) -> Any:
    words = f'The field "{name}" is not supported by Step Functions'
    near = next((each for each in known if each.lower() == name.lower()), None)
    return schema(f"{words}. Did you mean '{near}'?" if near else words, location)

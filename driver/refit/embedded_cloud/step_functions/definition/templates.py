"""Checks payload templates of JSONPath: what a member whose name ends in `.$` holds.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions.definition import paths
from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostics, schema, warning
from refit.embedded_cloud.step_functions.definition.forms import Place

_TYPES = {bool: "BOOLEAN", int: "INTEGER", float: "NUMBER", dict: "OBJECT", list: "ARRAY", type(None): "NULL"}


def template(value: Any, place: Place) -> Diagnostics:
    """An object; its paths and functions are checked at any depth. In JSONata states `expressions` checks it."""
    if not isinstance(value, dict):
        if not (place.language == "JSONata" and isinstance(value, str)):
            yield schema("Expected value of type [OBJECT]", place.location)
    elif place.language == "JSONPath":
        yield from _members(value, place.location)


def _members(value: Any, location: str) -> Diagnostics:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _members(item, f"{location}[{index}]")
    if not isinstance(value, dict):
        return
    for name, member in value.items():
        if name.endswith(".$"):
            yield from _dynamic(name, member, location)
        elif isinstance(member, str):
            yield from static_text(member, f"{location}/{name}")
        else:
            yield from _members(member, f"{location}/{name}")


def _dynamic(name: str, value: Any, location: str) -> Diagnostics:
    """Both messages are AWS's: aws/aws-cdk issues quote the first, amazon/aws-stepfunctions-local the second."""
    if not isinstance(value, str):
        found = f"must be a STRING that contains a JSONPath but was an {_TYPES[type(value)]}"
        yield schema(f"The value for the field '{name}' {found}", location)
    elif not paths.is_path(value) and not paths.is_call(value):
        found = "must be a valid JSONPath or a valid intrinsic function call"
        yield schema(f"The value for the field '{name}' {found}", location)


def static_text(value: str, location: str) -> Diagnostics:
    """Warns of a text that looks like a path or a call but is taken as it is written."""
    if value.startswith(("$.", "$$.")) or paths.is_call(value):
        found = "No .$ on a field that appears to be a JSONPath or Intrinsic Function"
        yield warning("NO_DOLLAR", found, location)

"""Checks Assign: the names of variables, and in JSONPath states the template of their values.

https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
The words were measured on AWS: badmintoncryer/cdk-preflight, rules/stepfunctions/pf-sfn-asl-jsonpath-syntax.
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostics, error
from refit.embedded_cloud.step_functions.definition.forms import Place
from refit.embedded_cloud.step_functions.definition.templates import template

MAX_LENGTH = 80
"""Characters in the name of a variable."""


def assign(value: Any, place: Place) -> Diagnostics:
    """An object of values by the names of variables."""
    yield from template(value, place)
    if not isinstance(value, dict):
        return
    for written in value:
        name = written.removesuffix(".$") if place.language == "JSONPath" else written
        if name == "states":
            words = "Cannot assign to reserved variable '$states'."
            yield error("RESERVED_VARIABLE_NAME", words, place.location)
        elif not name.isidentifier() or name.startswith("_"):
            words = f"Invalid variable name '{name}': the variable name contains invalid characters."
            yield error("INVALID_VARIABLE_NAME", words, place.location)
        elif len(name) > MAX_LENGTH:
            words = f"Invalid variable name '{name}': the variable name exceeds the {MAX_LENGTH}-character limit."
            yield error("INVALID_VARIABLE_NAME", words, place.location)

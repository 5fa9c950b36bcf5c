"""The rules of a Choice: Variable with one comparison, And, Or, Not, or Condition in JSONata.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
The words were measured on AWS: badmintoncryer/cdk-preflight, rules/stepfunctions/pf-sfn-asl-choice-rules.
"""

from __future__ import annotations

import math
from typing import Any

from refit.embedded_cloud.step_functions.definition import checks
from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostics, schema
from refit.embedded_cloud.step_functions.definition.forms import Field, Form, Place, check_form
from refit.embedded_cloud.step_functions.definition.variables import assign

_ORDERS = ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")
_TYPED = {"String": checks.text, "Numeric": checks.number(-math.inf), "Timestamp": checks.timestamp}

COMPARISONS = {
    **{f"{kind}{order}": check for kind, check in _TYPED.items() for order in _ORDERS},
    **{f"{kind}{order}Path": checks.operand for kind in _TYPED for order in _ORDERS},
    "StringMatches": checks.text,
    "BooleanEquals": checks.flag,
    "BooleanEqualsPath": checks.operand,
    **{f"Is{what}": checks.flag for what in ("Null", "Present", "Numeric", "String", "Boolean", "Timestamp")},
}
SELECTORS = ("And", "Or", "Not", "Variable", "Condition")


def _condition(value: Any, place: Place) -> Diagnostics:
    """JSONata, or a constant."""
    if not isinstance(value, bool) and not checks.is_expression(value, place):
        yield schema("JSONata string must start with {% and end with %}", place.location)


def _nested(value: Any, place: Place) -> Diagnostics:
    yield from check_form(value, NESTED, place.location, place.language)
    yield from _selection(value, place.location)


def _several(value: Any, place: Place) -> Diagnostics:
    if not isinstance(value, list):
        yield schema("Expected value of type [ARRAY]", place.location)
        return
    for index, rule in enumerate(value):
        yield from _nested(rule, Place(place.owner, f"{place.field}[{index}]", place.language))


NESTED = Form(
    {
        "Comment": Field(checks.text),
        "And": Field(checks.not_empty(_several), only="JSONPath"),
        "Or": Field(checks.not_empty(_several), only="JSONPath"),
        "Not": Field(_nested, only="JSONPath"),
        "Variable": Field(checks.operand, only="JSONPath"),
        **{name: Field(check, only="JSONPath") for name, check in COMPARISONS.items()},
    },
)
RULE = Form(
    {
        **NESTED.fields,
        "Condition": Field(_condition, only="JSONata"),
        "Next": Field(checks.text),
        "Assign": Field(assign),
        "Output": Field(checks.anything, only="JSONata"),
    },
    required=("Next",),
)


def choices(value: Any, place: Place) -> Diagnostics:
    """A list of rules, each with its Next."""
    yield from checks.not_empty(checks.list_of(RULE))(value, place)
    for index, rule in enumerate(value if isinstance(value, list) else ()):
        yield from _selection(rule, f"{place.location}[{index}]")


def _selection(rule: Any, location: str) -> Diagnostics:
    """A rule says one thing: exactly one selector, and with Variable exactly one comparison."""
    if not isinstance(rule, dict):
        return
    if sum(name in rule for name in SELECTORS) != 1:
        words = f"The object must have only one of the following fields, [{', '.join(SELECTORS)}]"
        yield schema(words, location)
    comparisons = [name for name in rule if name in COMPARISONS]
    if "Variable" in rule and not comparisons:
        fields = ", ".join(COMPARISONS)
        yield schema(f"This object should have only one of the following fields: [{fields}]", location)
    if len(comparisons) > 1:
        yield schema(f"There should only be one of the following fields: [{', '.join(comparisons)}]", location)
    elif comparisons and "Variable" not in rule:
        yield schema("These fields are required: [Variable]", location)

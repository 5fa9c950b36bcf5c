"""What the value of a field must be: one check a kind of value.

Ranges and words were measured on AWS: badmintoncryer/cdk-preflight, rules/stepfunctions/pf-sfn-asl-numeric-ranges,
pf-sfn-asl-jsonpath-syntax and pf-sfn-asl-wait-timing; a text in place of an integer too, and the other types after
floci-io/floci#2968 ("Expected value of type [STRING]").
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions.definition import paths
from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostics, schema, warning
from refit.embedded_cloud.step_functions.definition.forms import Check, Form, Place, check_form
from refit.embedded_cloud.step_functions.evaluation import timestamps


def is_expression(value: Any, place: Place) -> bool:
    """Whether a value is JSONata, whose syntax `expressions` checks. A text that begins with {% is meant as one."""
    return place.language == "JSONata" and isinstance(value, str) and value.startswith("{%")


def anything(value: Any, place: Place) -> Diagnostics:
    """Any JSON."""
    return iter(())


def text(value: Any, place: Place) -> Diagnostics:
    """A string."""
    if not isinstance(value, str):
        yield schema("Expected value of type [STRING]", place.location)


def texts(value: Any, place: Place) -> Diagnostics:
    """A list of strings."""
    if not isinstance(value, list):
        yield schema("Expected value of type [ARRAY]", place.location)
        return
    for index, item in enumerate(value):
        if not isinstance(item, str):
            yield schema("Expected value of type [STRING]", f"{place.location}[{index}]")


def text_or_path(value: Any, place: Place) -> Diagnostics:
    """A string that is taken as it is written: warns of one that looks like a path."""
    yield from text(value, place)
    if place.language == "JSONPath" and isinstance(value, str) and value.startswith(("$.", "$$.")):
        found = "Field value looks like a path, but field name does not end with 'Path'"
        yield warning("NO_PATH", found, place.location)


def object_(value: Any, place: Place) -> Diagnostics:
    """An object whose members are checked elsewhere."""
    if not isinstance(value, dict):
        yield schema("Expected value of type [OBJECT]", place.location)


def object_or_expression(value: Any, place: Place) -> Diagnostics:
    """An object, or JSONata that gives one."""
    return iter(()) if is_expression(value, place) else object_(value, place)


def end(value: Any, place: Place) -> Diagnostics:
    """The only value of End is true."""
    if not isinstance(value, bool):
        yield schema("Expected value of type [BOOLEAN]", place.location)
    elif not value:
        yield schema("Value should be one of the following: [true]", place.location)


def flag(value: Any, place: Place) -> Diagnostics:
    """true or false."""
    if not isinstance(value, bool):
        yield schema("Expected value of type [BOOLEAN]", place.location)


def one_of(*values: str) -> Check:
    """One of the strings."""

    def check(value: Any, place: Place) -> Diagnostics:
        if not isinstance(value, str):
            yield schema("Expected value of type [STRING]", place.location)
        elif value not in values:
            yield schema(f"Value should be one of the following: [{', '.join(values)}]", place.location)

    return check


def integer(least: int, most: int | None = None, *, literal: bool = False) -> Check:
    """An integer in a range, or unless it is to be a literal, JSONata that gives one."""

    def check(value: Any, place: Place) -> Diagnostics:
        if not literal and is_expression(value, place):
            return
        if isinstance(value, bool) or not isinstance(value, int):
            yield schema("Expected value of type Integer", place.location)
        else:
            yield from _range(value, least, most, place)

    return check


def number(least: float) -> Check:
    """A literal number that is not below another."""

    def check(value: Any, place: Place) -> Diagnostics:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield schema("Expected value of type Number", place.location)
        else:
            yield from _range(value, least, None, place)

    return check


def _range(value: float, least: float, most: int | None, place: Place) -> Diagnostics:
    if value < least:
        yield schema(f"Minimum value is {least}", place.location)
    if most is not None and value > most:
        yield schema(f"Maximum value is {most}", place.location)


def path(value: Any, place: Place) -> Diagnostics:
    """A JSONPath."""
    if not isinstance(value, str):
        yield schema("Expected value of type [STRING]", place.location)
    elif not paths.is_path(value):
        yield schema("Value must be a valid JSONPath.", place.location)


def path_or_null(value: Any, place: Place) -> Diagnostics:
    """A JSONPath; null reads nothing."""
    return iter(()) if value is None else path(value, place)


def reference(value: Any, place: Place) -> Diagnostics:
    """A path to a single node."""
    yield from (found := list(path(value, place)))
    if not found and not paths.is_reference(value):
        yield schema("Value is not a Reference Path", place.location)


def operand(value: Any, place: Place) -> Diagnostics:
    """A path to a single node in a rule of a Choice; AWS has other words for it there."""
    if isinstance(value, str) and not value.startswith("$"):
        yield schema("Value is not a Reference Path: Reference path didn't start with '$'", place.location)
    elif isinstance(value, str) and not paths.is_reference(value):
        yield schema("Value is not a Reference Path", place.location)
    else:
        yield from text(value, place)


def result_path(value: Any, place: Place) -> Diagnostics:
    """Where a result goes in the input: not into the context object or a variable; null drops the result."""
    if value is None:
        return
    yield from (found := list(path(value, place)))
    if not found and not paths.is_destination(value):
        yield schema("Value is not a Reference Path", place.location)


def reference_or_call(value: Any, place: Place) -> Diagnostics:
    """ErrorPath and CausePath take a reference path or an intrinsic function that returns a string.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
    """
    return iter(()) if isinstance(value, str) and paths.is_call(value) else reference(value, place)


def timestamp(value: Any, place: Place) -> Diagnostics:
    """A time of RFC 3339 with an upper-case T, and an upper-case Z unless it has an offset.

    https://states-language.net/spec.html#timestamps
    """
    if is_expression(value, place):
        return
    if not isinstance(value, str):
        yield schema("Expected value of type [STRING]", place.location)
    elif timestamps.parse(value) is None:
        yield schema("String does not match RFC3339 timestamp", place.location)


def list_of(form: Form) -> Check:
    """A list of objects of a form, which may be empty."""

    def check(value: Any, place: Place) -> Diagnostics:
        if not isinstance(value, list):
            yield schema("Expected value of type [ARRAY]", place.location)
            return
        for index, item in enumerate(value):
            yield from check_form(item, form, f"{place.location}[{index}]", place.language)

    return check


def form(inner: Form) -> Check:
    """An object of a form."""
    return lambda value, place: check_form(value, inner, place.location, place.language)


def not_empty(check: Check) -> Check:
    """What another check takes, and not an empty list or object."""

    def both(value: Any, place: Place) -> Diagnostics:
        if isinstance(value, list | dict) and not value:
            yield schema("Value cannot be empty", place.location)
        yield from check(value, place)

    return both

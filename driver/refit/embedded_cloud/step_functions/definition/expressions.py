"""Checks the JSONata of a state: syntax, and names that an expression of Step Functions does not have.

Codes, words and the fields that AWS reads as JSONata were measured on it: floci-io/floci#2745, #2699 and #2786.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostics, error, schema
from refit.embedded_cloud.step_functions.definition.expression_names import ERROR_OUTPUT, RESULT, ROOT, analyze
from refit.embedded_cloud.step_functions.definition.scopes import State
from refit.embedded_cloud.step_functions.evaluation.jsonata_expression import source_of

NOT_EXPRESSIONS = frozenset(
    (
        *("Comment", "Next", "Default", "Resource", "ErrorEquals", "Retry", "Credentials", "CSVHeaders", "Type"),
        *("QueryLanguage", "ItemProcessor", "Iterator", "Branches", "Label"),
    )
)
"""Fields whose text AWS takes as it is written; states inside a Map or Parallel are checked as states of their own."""

PAYLOADS = ("Output", "Assign", "Arguments", "ItemSelector", "BatchInput")
"""Fields whose members are the user's, whatever they are named."""

AFTER_THE_RESULT = ("Output", "Assign")
WITH_A_RESULT = ("Task", "Parallel", "Map")


@dataclass(frozen=True)
class _Reader:
    """What an expression may read where the walk is."""

    payload: bool = False
    result: bool = False
    error_output: bool = False


def check_expressions(state: State) -> Diagnostics:
    """What is wrong with the expressions of a JSONata state."""
    if state.language != "JSONata":
        return
    for name, value in state.fields.items():
        if name not in NOT_EXPRESSIONS:
            result = state.type in WITH_A_RESULT and name in AFTER_THE_RESULT
            reader = _Reader(payload=name in PAYLOADS, result=result)
            if name == "Catch":
                yield from _catchers(value, f"{state.location}/{name}")
            else:
                yield from _walk(value, f"{state.location}/{name}", reader)


def _catchers(value: Any, location: str) -> Diagnostics:
    """$states.errorOutput exists in the Output and Assign of a catcher alone."""
    for index, catcher in enumerate(value if isinstance(value, list) else ()):
        for name, member in catcher.items() if isinstance(catcher, dict) else ():
            if name in AFTER_THE_RESULT:
                reader = _Reader(payload=True, error_output=True)
                yield from _walk(member, f"{location}[{index}]/{name}", reader)


def _walk(value: Any, location: str, reader: _Reader) -> Diagnostics:
    if isinstance(value, dict):
        for name, member in value.items():
            if reader.payload or name not in NOT_EXPRESSIONS:
                inner = replace(reader, payload=reader.payload or name in PAYLOADS)
                yield from _walk(member, f"{location}/{name}", inner)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, f"{location}[{index}]", reader)
    elif isinstance(value, str):
        yield from _text(value, location, reader)


def _text(text: str, location: str, reader: _Reader) -> Diagnostics:
    if not text.startswith("{%"):
        return
    source = source_of(text)
    if source is None:
        yield schema("JSONata string must start with {% and end with %}", location)
        return
    found = analyze(source)
    if found.mistake is not None:
        yield error("INVALID_JSONATA_EXPRESSION", found.mistake, location)
    for name in found.names:
        if words := _refusal(name, reader):
            yield error("UNSUPPORTED_JSONATA_EXPRESSION", words, location)


def _refusal(name: str, reader: _Reader) -> str | None:
    if name == ROOT:
        return f"Reference to '{ROOT}' is not supported."
    if name in (ERROR_OUTPUT, RESULT):
        exists = reader.error_output if name == ERROR_OUTPUT else reader.result
        return None if exists else f"Field '{name}' does not exist."
    return f"Reference to '{name}' at the top level is not supported."

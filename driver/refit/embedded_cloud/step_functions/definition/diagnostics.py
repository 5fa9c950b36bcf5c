"""A finding about a definition, in the form and the words of ValidateStateMachineDefinition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Diagnostic:
    """One finding. `location` is "/States/Foo/Next", or None where AWS gives none.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
    """

    severity: Literal["ERROR", "WARNING"]
    code: str
    message: str
    location: str | None


Diagnostics = Iterator[Diagnostic]


def error(code: str, message: str, location: str | None = None) -> Diagnostic:
    """A finding that refuses the definition."""
    return Diagnostic("ERROR", code, message, location)


def schema(message: str, location: str | None) -> Diagnostic:
    """A definition that does not have the form of the Amazon States Language."""
    return error("SCHEMA_VALIDATION_FAILED", message, location)


def warning(code: str, message: str, location: str) -> Diagnostic:
    """A finding that refuses nothing."""
    return Diagnostic("WARNING", code, message, location)


def invalid_definition_message(diagnostics: Iterable[Diagnostic]) -> str:
    """The message of InvalidDefinition, which CreateStateMachine and UpdateStateMachine raise: every error in a row.

    A finding without a location is "at null". Both recorded on AWS: localstack/localstack#12487, floci-io/floci#2735.
    """
    errors = (one for one in diagnostics if one.severity == "ERROR")
    words = ", ".join(f"{one.code}: {one.message} at {one.location or 'null'}" for one in errors)
    return f"Invalid State Machine Definition: '{words}'"

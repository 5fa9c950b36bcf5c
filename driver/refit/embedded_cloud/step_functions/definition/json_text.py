"""Reads a definition's JSON strictly, and says what is wrong in the words of Jackson, AWS's JSON parser.

Recorded on AWS: localstack/localstack, test_sfn_api_validation.snapshot.json. Jackson's other messages are its own:
https://github.com/FasterXML/jackson-core.
"""

from __future__ import annotations

import json
import re
from typing import Any

from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostic, error, schema

MAX_LENGTH = 1_048_576
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html"""

QUOTED = 500
"""Jackson quotes no more characters of the text than this."""


class _Refused(ValueError):
    """The text is JSON for Python, and not for AWS."""


def read(definition: str) -> dict[str, Any] | Diagnostic:
    """The object that the text holds, or why there is none."""
    if len(definition) > MAX_LENGTH:
        return schema(f"Definition must have length less than or equal to {MAX_LENGTH}", None)
    if not definition.strip():
        return schema("Definition must be a valid JSON object", None)
    try:
        value = json.loads(definition, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as found:
        return _syntax(definition, found)
    except RecursionError:
        return error("TOO_DEEPLY_NESTED", "The definition is too deeply nested")
    except ValueError as found:
        return error("INVALID_JSON_DESCRIPTION", str(found))
    return value if isinstance(value, dict) else schema("Definition must be a valid JSON object", None)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuses a member that is written twice. What AWS does is not recorded; the last one would win unnoticed."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Refused(f"Duplicate field '{next(name for name in names if names.count(name) > 1)}'")
    return members


def _refuse_constant(name: str) -> None:
    raise _Refused(f"Non-standard token '{name}': enable JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS to allow")


def _syntax(definition: str, found: json.JSONDecodeError) -> Diagnostic:
    token = re.compile(r"[^\W\d]\w*").match(definition, found.pos)
    if found.pos >= len(definition):
        what, column = "Unexpected end-of-input", found.colno
    elif token and found.msg == "Expecting value":
        expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
        what, column = f"Unrecognized token '{token[0]}': was expecting {expected}", found.colno + len(token[0])
    elif found.msg.startswith("Expecting"):
        character = definition[found.pos]
        what, column = f"Unexpected character ('{character}' (code {ord(character)}))", found.colno
    else:
        what, column = found.msg, found.colno
    rest = len(definition) - QUOTED
    quoted = f'"{definition[:QUOTED]}"' + (f"[truncated {rest} chars]" if rest > 0 else "")
    place = f"[Source: (String){quoted}; line: {found.lineno}, column: {column}]"
    return error("INVALID_JSON_DESCRIPTION", f"{what}\n at {place}", place)

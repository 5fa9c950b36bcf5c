"""Says what is wrong with text that should be JSON, in the words of the parser that AWS uses (Jackson).

Recorded: test_sfn_api.snapshot.json::test_invalid_start_execution_input of localstack/localstack.
"""

from __future__ import annotations

import json
import re

EXPECTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
WORD = re.compile(r"[A-Za-z_$][\w$]*")


def problem(text: str) -> str | None:
    """What is wrong with the text; None if it is JSON."""
    if not text.strip():
        return "Invalid execution input."
    try:
        json.loads(text, parse_constant=_reject)
    except json.JSONDecodeError as error:
        return _words(text, error)
    except ValueError as error:
        return f"Unrecognized token '{error}': was expecting {EXPECTED}"
    except RecursionError:
        return "Document nesting depth exceeds the maximum allowed (1000)"
    return None


def _reject(constant: str) -> None:
    """NaN and Infinity are not JSON, though Python reads them."""
    raise ValueError(constant)


def _words(text: str, error: json.JSONDecodeError) -> str:
    rest = text[error.pos :]
    word = WORD.match(rest)
    if not rest:
        return "Unexpected end-of-input"
    if word and error.msg == "Expecting value":
        return f"Unrecognized token '{word[0]}': was expecting {EXPECTED}"
    character = f"Unexpected character ('{rest[0]}' (code {ord(rest[0])}))"
    if error.msg.startswith("Expecting property name"):
        return f"{character}: was expecting double-quote to start field name"
    if error.msg.startswith("Expecting ':'"):
        return f"{character}: was expecting a colon to separate field name and value"
    if error.msg.startswith("Expecting ','"):
        return f"{character}: was expecting comma to separate entries"
    return f"{character}: {error.msg}"

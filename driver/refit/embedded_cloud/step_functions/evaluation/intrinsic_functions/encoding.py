"""The intrinsic functions that encode, decode, hash, parse and merge."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.intrinsic_functions.arguments import Refusal, as_text, count, short
from refit.embedded_cloud.step_functions.evaluation.json_text import compact

MAX_TEXT = 10_000
"""The characters that Base64Encode, Base64Decode and Hash take at most."""

ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def base64_encode(*arguments: Any) -> str:
    """Text in base64."""
    count(arguments, 1)
    return base64.b64encode(short(as_text(arguments[0]), MAX_TEXT).encode()).decode()


def base64_decode(*arguments: Any) -> str:
    """The text that is in base64."""
    count(arguments, 1)
    try:
        return base64.b64decode(short(as_text(arguments[0]), MAX_TEXT), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refusal("The argument must be text in base64") from error


def hash_text(*arguments: Any) -> str:
    """The hash of a text, in hexadecimal."""
    count(arguments, 2)
    algorithm = ALGORITHMS.get(as_text(arguments[1]))
    if algorithm is None:
        raise Refusal(f"The algorithm must be one of {', '.join(ALGORITHMS)}")
    return hashlib.new(algorithm, short(as_text(arguments[0]), MAX_TEXT).encode()).hexdigest()


def string_to_json(*arguments: Any) -> Any:
    """What a text says in JSON; null for an empty one (recorded, test_json_manipulation::test_string_to_json)."""
    count(arguments, 1)
    source = as_text(arguments[0])
    if not source.strip():
        return None
    try:
        return json.loads(source, parse_constant=_refuse_constant)
    except ValueError as error:
        raise Refusal("The argument must be JSON text") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def json_to_string(*arguments: Any) -> str:
    """A value as JSON text."""
    count(arguments, 1)
    return compact(arguments[0])


def json_merge(*arguments: Any) -> dict[str, Any]:
    """Two objects in one; the second's members win. The third argument, deep merging, must be false."""
    count(arguments, 3)
    first, second, deep = arguments
    if not isinstance(first, dict) or not isinstance(second, dict):
        raise Refusal("The arguments must be objects")
    if deep is not False:
        raise Refusal("The third argument must be false: there is no deep merging")
    return {**first, **second}

"""Writing any value in HCL and reading it back."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.hcl import read

names = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
scalars = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=12)
keys = st.text(st.characters(max_codepoint=127), max_size=6)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


def as_hcl(thing: Any) -> str:
    """Any value in HCL, with every character of its text escaped."""
    if isinstance(thing, dict):
        return "{" + ", ".join(f"{as_hcl(key)} = {as_hcl(inner)}" for key, inner in thing.items()) + "}"
    if isinstance(thing, list):
        return "[" + ", ".join(map(as_hcl, thing)) + "]"
    if isinstance(thing, str):
        return '"' + "".join(f"\\U{ord(character):08x}" for character in thing) + '"'
    return json.dumps(thing)


def as_read(thing: Any) -> Any:
    """What a value is after reading: lists are tuples, and text is in normal form C."""
    if isinstance(thing, dict):
        return {as_read(key): as_read(inner) for key, inner in thing.items()}
    if isinstance(thing, list):
        return tuple(map(as_read, thing))
    return unicodedata.normalize("NFC", thing) if isinstance(thing, str) else thing


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(names, values, max_size=4))
def test_whatever_is_written_is_read_back(fields: dict[str, Any]) -> None:
    text = "".join(f"{name} = {as_hcl(thing)}\n" for name, thing in fields.items())
    assert read(text).plain() == as_read(fields)

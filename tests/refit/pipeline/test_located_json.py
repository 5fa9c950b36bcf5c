"""The reader of JSON with locations reads what the standard library reads, and rejects what it rejects."""

from __future__ import annotations

import json
import unicodedata
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.errors import InvalidPipeline
from refit.pipeline import located_json
from refit.pipeline.hcl.located import Located, location

SCALARS = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
VALUES = st.recursive(
    SCALARS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
LAYOUTS = st.sampled_from([None, 0, 2, "\t"])


def plain(found: Located) -> Any:
    return json.loads(json.dumps(found.plain()))  # tuples as lists


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return 1 + max(map(depth, inner), default=0) if isinstance(value, dict | list) else 0


@given(VALUES.filter(lambda value: depth(value) <= 8), LAYOUTS, st.booleans())
def test_every_value_is_read_back(value: Any, indent: str | int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    found, problems = located_json.parse(f" {text}\n", "a.json", ())
    assert (plain(found), problems) == (value, [])


@given(VALUES.filter(lambda value: depth(value) <= 8), st.data())
def test_a_damaged_text_is_read_as_the_standard_library_does_or_rejected(value: Any, data: st.DataObject) -> None:
    text = json.dumps(value)
    at = data.draw(st.integers(0, len(text)))
    text = (
        text[:at]
        + data.draw(st.sampled_from(["", ",", ":", '"', "[", "}", "\\", "1", "e", "\n", "\x00", "null"]))
        + text[at + 1 :]
    )
    expected: Any = InvalidPipeline
    with suppress(json.JSONDecodeError):
        expected = json.loads(text)
    found, problems = None, []
    try:
        found, problems = located_json.parse(text, "a.json", ())
    except InvalidPipeline as error:
        problems = [*error.problems]
    if found is not None:
        assert expected is not InvalidPipeline
        assert problems or plain(found) == expected
        return
    (problem,) = problems
    assert (problem.message + problem.hint).isprintable()
    assert (1, 1) <= (problem.line, problem.column) <= location(text, len(text))
    assert expected is InvalidPipeline or problem.code == "too-deep" or "surrogate" in problem.message


def test_every_value_and_name_has_its_location() -> None:
    found, _ = located_json.parse('{ "a": [1,\n  "ü", {"b" : null}]}', "a.json", ())
    *_, inner = found.follow(("a", 2, "b"))
    assert (inner.location, inner.name_location, inner.file) == ((2, 15), (2, 9), "a.json")


@pytest.mark.parametrize(
    "text", ["01", "1.", ".5", "+1", "-", "-Infinity", "NaN", "tru", "nulls", "'a'", "[1 2]", "{a: 1}", ""]
)
def test_what_is_not_json_is_rejected(text: str) -> None:
    with pytest.raises(InvalidPipeline):
        located_json.parse(text, "a.json", ())


@pytest.mark.parametrize("text", ["9" * 5_000, "1" * 31, "1e400", "-1e400"])
def test_a_number_that_no_field_accepts_is_a_problem(text: str) -> None:
    (problem,) = located_json.parse(text, "a.json", ("min",))[1]
    assert problem.message == "min is larger than any field accepts"


def test_an_unfinished_merge_is_named() -> None:
    with pytest.raises(InvalidPipeline, match="a merge is unfinished"):
        located_json.parse("[\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> other\n]", "a.json", ())

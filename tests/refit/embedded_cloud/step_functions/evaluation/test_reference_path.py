"""Reference paths: where ResultPath puts a value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.embedded_cloud.step_functions.evaluation.json_path import read
from refit.embedded_cloud.step_functions.evaluation.json_path_syntax import PathSyntaxError
from refit.embedded_cloud.step_functions.evaluation.reference_path import parse, put
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=8,
)
NAME = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_-]{0,8}", fullmatch=True)


@pytest.mark.parametrize(
    ("path", "document", "after"),
    [
        ("$", {"a": 1}, 7),
        ("$.r", {"a": 1}, {"a": 1, "r": 7}),
        ("$.a", {"a": 1, "b": 2}, {"a": 7, "b": 2}),
        ("$.a.b", {}, {"a": {"b": 7}}),
        ("$.a.b.c", {"a": {"x": 1}}, {"a": {"x": 1, "b": {"c": 7}}}),
        ("$['with space'].b", {}, {"with space": {"b": 7}}),
        ("$[1]", [0, 1, 2], [0, 7, 2]),
        ("$[1].payload", [{}, {"id": 1}, 4], [{}, {"id": 1, "payload": 7}, 4]),
        ("$.list[0].x", {"list": [{}]}, {"list": [{"x": 7}]}),
    ],
)
def test_a_value_is_put_at_a_path_and_missing_objects_are_made(path: str, document: Any, after: Any) -> None:
    before = repr(document)
    assert put(path, document, 7) == after
    assert repr(document) == before


@pytest.mark.parametrize(
    ("path", "document", "shown"),
    [
        ("$.x", "text", '"text"'),
        ("$.x", [1, 2], "[1,2]"),
        ("$.x", None, "null"),
        ("$.a.b", {"a": 5}, '{"a":5}'),
        ("$.a.b", {"a": None}, '{"a":null}'),
        ("$[10].x", [1], "[1]"),
        ("$[0]", {}, "{}"),
        ("$.new[0]", {}, "{}"),
    ],
)
def test_a_path_that_does_not_fit_the_input_fails(path: str, document: Any, shown: str, failure: Any) -> None:
    """Documented as States.ResultPathMatchFailure; the words as users report them of AWS."""
    words = f"Unable to apply ReferencePath {path} to input {shown}"
    assert failure(put, path, document, 7) == ("States.ResultPathMatchFailure", words, None)


@pytest.mark.parametrize(
    "path",
    [
        "$.a[*]",
        "$..a",
        "$.a[0:1]",
        "$.a[?(@.b)]",
        "$.a[-1]",
        "$['a','b']",
        "$.a[0,1]",
        "$$.a",
        "$v.a",
        "$.a.length()",
        "a",
    ],
)
def test_a_path_to_more_than_one_place_is_no_reference_path(path: str) -> None:
    with pytest.raises(PathSyntaxError):
        parse(path)


@given(names=st.lists(NAME, min_size=1, max_size=4), value=JSON)
def test_what_is_put_is_read_back(names: list[str], value: Any) -> None:
    path = "".join(["$", *(f".{name}" for name in names)])
    document = put(path, {}, value)
    assert read(path, document, Scope(None, {}, {})) == value


@given(document=st.dictionaries(st.text(), JSON), name=NAME, value=JSON)
def test_the_rest_of_the_document_stays(document: dict[str, Any], name: str, value: Any) -> None:
    after = put(f"$.{name}", document, value)
    assert after == {**document, name: value}

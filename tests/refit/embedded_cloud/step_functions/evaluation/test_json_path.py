"""JSONPath as Step Functions reads it: a value for a definite path, a list for an indefinite one, or Jayway's words."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.json_path import PathNotFoundError, read
from refit.embedded_cloud.step_functions.evaluation.json_path_syntax import PathSyntaxError, parse
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

DATA: dict[str, Any] = {
    "a": {"b": [{"n": 1, "t": "x"}, {"n": 2}, {"m": 3}], "my-key": 5, "$x": 7, "0a": 8, "aws:tag": 9},
    "c": "text",
    "none": None,
    "with space": {"it's": 1},
}
SCOPE = Scope(DATA, {"Execution": {"Id": "arn:one", "Input": {"x": [1, 2]}}}, {"v": {"list": [10, 20]}, "null": None})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", DATA),
        ("$.a.b[0].n", 1),
        ("$.a.b[-1]", {"m": 3}),
        ("$['a']['b'][1]['n']", 2),
        ('$["with space"]["it\'s"]', 1),
        ("$.none", None),
        ("$.a.my-key", 5),
        ("$.a.$x", 7),
        ("$.a.0a", 8),
        ("$.a.aws:tag", 9),
        ("$.a.b[0]['t','n']", {"t": "x", "n": 1}),
        ("$.a.b[0]['t','zz']", {"t": "x"}),
        ("$.a.b.length()", 3),
        ("$.c.length()", None),
        ("$$.Execution.Id", "arn:one"),
        ("$$.Execution.Input.x[1]", 2),
        ("$$", SCOPE.context),
        ("$v.list[0]", 10),
        ("$v", {"list": [10, 20]}),
        ("$null", None),
    ],
)
def test_a_definite_path_gives_the_value(path: str, value: Any) -> None:
    assert read(path, DATA, SCOPE) == value


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$.a.b[*].n", [1, 2]),
        ("$.a.b.*.n", [1, 2]),
        ("$.a.b[*]", DATA["a"]["b"]),
        ("$..n", [1, 2]),
        ("$..nothing", []),
        ("$..b[0]", [{"n": 1, "t": "x"}]),
        ("$..b[0].t", ["x"]),
        ("$.a.b[0:2]", DATA["a"]["b"][:2]),
        ("$.a.b[1:]", DATA["a"]["b"][1:]),
        ("$.a.b[:1]", DATA["a"]["b"][:1]),
        ("$.a.b[-2:]", DATA["a"]["b"][-2:]),
        ("$.a.b[:-1]", DATA["a"]["b"][:-1]),
        ("$.a.b[-2:-1]", [{"n": 2}]),
        ("$.a.b[5:]", []),
        ("$.a.b[0,2]", [{"n": 1, "t": "x"}, {"m": 3}]),
        ("$.a.b[0,9]", [{"n": 1, "t": "x"}]),
        ("$.a.b[?(@.n > 1)]", [{"n": 2}]),
        ("$.a.b[?(@.n)].n", [1, 2]),
        ("$.a.b[?(!@.n)]", [{"m": 3}]),
        ("$.a.b[?(@.n == 1 && @.t == 'x')]", [{"n": 1, "t": "x"}]),
        ("$.a.b[?(@.n == 2 || @.m == 3)]", [{"n": 2}, {"m": 3}]),
        ("$.a.b[?(@.t =~ /X/i)].n", [1]),
        ("$.a.b[?(@.n in [1, 5])].n", [1]),
        ("$.a.b[?(@.n == 99)]", []),
        ("$.a[?(@.my-key == 5)].my-key", [5]),
        ("$.a.b[*]['n','t'].x", []),
        ("$..[?(@.m)]", [{"m": 3}]),
        ("$.c[*]", []),
        ("$v.list[*]", [10, 20]),
        ("$$.Execution.Input.x[0:1]", [1]),
    ],
)
def test_an_indefinite_path_gives_a_list(path: str, values: list[Any]) -> None:
    assert read(path, DATA, SCOPE) == values


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("$.x", "No results for path: $['x']"),
        ("$.a.x", "No results for path: $['a']['x']"),
        ("$.x.y", "Missing property in path $['x']"),
        ("$.a.x.y", "Missing property in path $['a']['x']"),
        ("$.a.b[5]", "No results for path: $['a']['b'][5]"),
        ("$.a.b[-4]", "No results for path: $['a']['b'][-4]"),
        ("$.a.b[5].n", "No results for path: $['a']['b'][5]['n']"),
        ("$.c[0]", 'Filter: [0] can only be applied to arrays. Current context is: "text"'),
        ("$.none[0]", "The path $['none'] is null"),
        ("$.x[*]", "Missing property in path $['x']"),
        ("$.c[1:]", 'Filter: [1:] can only be applied to arrays. Current context is: "text"'),
        ("$unknown", "No results for path: $['unknown']"),
        ("$$.Task.Token", "Missing property in path $['Task']"),
    ],
)
def test_a_path_to_nothing_fails_in_jayways_words(path: str, words: str) -> None:
    with pytest.raises(PathNotFoundError) as missing:
        read(path, DATA, SCOPE)
    assert str(missing.value) == words


@pytest.mark.parametrize(
    ("path", "found"), [("$.c.y", "java.lang.String"), ("$.none.y", "null"), ("$.a.b.y", "java.util.ArrayList")]
)
def test_a_name_in_what_is_no_object_fails(path: str, found: str) -> None:
    with pytest.raises(PathNotFoundError) as missing:
        read(path, DATA, SCOPE)
    assert str(missing.value).startswith("Expected to find an object with property ['y'] in path $['")
    assert f"but found '{found}'. This is not a json object" in str(missing.value)


@pytest.mark.parametrize(
    "path",
    [
        *("", "a.b", "$.", "$.a.", "$a b", "$.a b", "$.a[", "$.a['b", "$..", "$x-y", "$1", "$.a[0:2:1]"),
        *("$.a | $.b", "$.a & $.b", "^.a", "$.~a"),
        *("$.b[?(length(@.t) == 1)]", "$.b[?(@.t == 'x' and @.n)]", "$.b[?(#.t)]", "$.b[?(_.t)]"),
    ],
)
def test_what_jayway_does_not_know_is_no_path(path: str) -> None:
    with pytest.raises(PathSyntaxError):
        parse(path)


def test_several_names_inside_a_path_lead_to_a_value_each() -> None:
    assert read("$['a','b'].c", {"a": {"c": 1}, "b": {"c": 2}}, SCOPE) == [1, 2]


def test_an_index_skips_what_is_no_list_after_a_wildcard() -> None:
    assert read("$[*][0]", [None, "text", {}, [1], []], SCOPE) == [1]


def test_true_is_not_one_in_a_filter() -> None:
    data = [{"v": True}, {"v": 1}]
    assert read("$[?(@.v == true)]", data, SCOPE) == [{"v": True}]
    assert read("$[?(@.v == 1)]", data, SCOPE) == [{"v": 1}]

"""JSONata: values, undefined, failures in JSONata's words, and AWS's bounds."""

from __future__ import annotations

import contextlib
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.embedded_cloud.step_functions.evaluation.jsonata_expression import JsonataError, evaluate, parse, source_of
from refit.embedded_cloud.step_functions.evaluation.jsonata_values import UnsupportedResultError, from_json
from refit.embedded_cloud.step_functions.evaluation.scope import ABSENT

INPUT: dict[str, Any] = {
    "none": None,
    "list": [None, 1],
    "one": [{"id": 1}],
    "empty": [],
    "float": 2.0,
    "big": 2**63 - 1,
    "bigger": 2**63,
    "text": "x",
}


def value_of(source: str) -> Any:
    return evaluate(source, {"states": from_json({"input": INPUT}), "v": 5})


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("$states.input.text", "x"),
        ("$v + 1", 6),
        ("$states.input.none", None),
        ("$exists($states.input.none)", True),
        ("$type($states.input.none)", "null"),
        ("$states.input.none = null", True),
        ("$count($states.input.none)", 1),
        ("$count($states.input.list)", 2),
        ("$count($states.input.zz)", 0),
        ("$filter($states.input.list, function($v) { $v = null })", None),
        ("[$states.input.list]", [None, 1]),
        ("{'a': null, 'b': [null]}", {"a": None, "b": [None]}),
        ("{'a': $states.input.zz}", {}),
        ("[$states.input.zz, 1]", [1]),
        ("$states.input.one", [{"id": 1}]),
        ("$states.input.one.id", 1),
        ("$states.input.one.{'i': id}", {"i": 1}),
        ("[$states.input.one.{'i': id}]", [{"i": 1}]),
        ("$states.input.one.id[]", [1]),
        ("$states.input.empty", []),
        ("$map([1, 2], function($v) { $v * 2 })", [2, 4]),
        ("$map(['1', 'null'], $parse)", [1, None]),
        ("[1..3]", [1, 2, 3]),
        ("$contains('abc', /B/i)", True),
        ("$replace('a1b22', /[0-9]+/, '#')", "a#b#"),
        ("$split('a, b', /,\\s*/)", ["a", "b"]),
        ("$match('ab12', /[0-9]+/).match", "12"),
        ("($x := 2; $x * $x)", 4),
        ("/* a comment */ 1", 1),
    ],
)
def test_an_expression_has_a_value(source: str, value: Any) -> None:
    assert value_of(source) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1.0", 1),
        ("4 / 2", 2),
        ("1 / 2", 0.5),
        ("1e3", 1000),
        ("$states.input.float", 2),
        ("$states.input.big", 2**63 - 1),
        ("$states.input.bigger", float(2**63)),
        ("[1.0, {'a': 2.0}]", [1, {"a": 2}]),
        ("-0.0", 0),
        ("true", True),
    ],
)
def test_a_whole_number_is_an_integer(source: str, value: Any) -> None:
    """floci's measurements on AWS: an integer is exact while it is a long, and 1.0 is 1."""
    assert repr(value_of(source)) == repr(value)


@pytest.mark.parametrize(
    "source",
    ["$states.input.zz", "$zz", "$zz.a[0]", "$filter([1], function($v) { $v > 1 })", "$lookup({}, 'a')", "()", "$$"],
)
def test_an_expression_may_be_undefined(source: str) -> None:
    assert value_of(source) is ABSENT


@pytest.mark.parametrize(
    "source", ["$sum", "function($x) { $x }", "/a/", "[$sum]", "{'f': function() { 1 }}", "$substring(?, 1)"]
)
def test_functions_are_no_results(source: str) -> None:
    with pytest.raises(UnsupportedResultError):
        value_of(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("'a' + 1", 'T2001: The left side of the "+" operator must evaluate to a number'),
        ("1 + 'a'", 'T2002: The right side of the "+" operator must evaluate to a number'),
        ("1 < 'a'", 'T2009: The values 1 and "a" either side of operator "<" must be of the same data type'),
        ("$sum('a')", 'T0412: Argument 1 of function "sum" must be an array of "numbers"'),
        ("$length(1)", 'T0410: Argument 1 of function "length" does not match function signature'),
        ("$eval('1')", "T1006: Attempted to invoke a non-function"),
        ("$nope(1)", "T1006: Attempted to invoke a non-function"),
        ("$error('boom')", "D3137: boom"),
        ("$assert(false, 'no')", "D3141: no"),
        ("{1: 2}", "T1003: Key in object structure must evaluate to a string; got: 1"),
        ("[1..2000000]", "Expression evaluation memory limit exceeded"),
        ("1 / 0", None),
        ("$sort([1, null])", None),
    ],
)
def test_an_expression_fails_in_jsonatas_words(source: str, words: str | None) -> None:
    with pytest.raises(JsonataError) as failed:
        value_of(source)
    assert words in (None, str(failed.value))


@pytest.mark.parametrize("source", ["", "(", "1 +", "'a", "{", "$x[", "a[1,2)", "/a", "1 1", "$f(?", "/* open"])
def test_malformed_jsonata_is_found_before_it_is_evaluated(source: str) -> None:
    with pytest.raises(JsonataError, match=r"^S0\d\d\d: "):
        parse(source)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("{% 1 %}", "1"),
        ("{%1%}", "1"),
        ("{%\n  1 + 1\n%}", "1 + 1"),
        ("{%%}", ""),
        (" {% 1 %}", None),
        ("{% 1 %} ", None),
        ("x {% 1 %}", None),
        ("{%}", None),
        ("{% 1", None),
        ("$x", None),
        ("", None),
    ],
)
def test_only_text_that_is_all_expression_is_evaluated(text: str, source: str | None) -> None:
    """Recorded: outputdecl::test_base_cases[BASE_LITERALS], where text with a space before stays."""
    assert source_of(text) == source


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        ("+".join(["1"] * 100), "+".join(["1"] * 101)),
        ("(" * 99 + "1" + ")" * 99, "(" * 100 + "1" + ")" * 100),
        ("[" * 99 + "1" + "]" * 99, "[" * 100 + "1" + "]" * 100),
    ],
)
def test_an_evaluation_may_nest_as_deep_as_on_aws(within: str, beyond: str) -> None:
    """Measured on AWS by floci."""
    value_of(within)
    with pytest.raises(JsonataError, match=r"^Stack overflow error: .* Depth=101 max=100$"):
        value_of(beyond)


def test_an_endless_recursion_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refit.embedded_cloud.step_functions.evaluation.jsonata_expression.MAX_SECONDS", 0.0)
    with pytest.raises(JsonataError, match=r"^Expression evaluation timeout"):
        value_of("($f := function($n) { $f($n + 1) }; $f(0))")


def test_the_values_that_an_expression_reads_stay_as_they_are() -> None:
    bound = from_json({"input": {"a": [3, 1, None]}})
    before = repr(bound)
    assert evaluate("$states.input ~> |$|{'b': 1}|", {"states": bound}) == {"a": [3, 1, None], "b": 1}
    assert repr(bound) == before


def test_threads_share_a_parsed_expression() -> None:
    source = "$reduce($map([1..50], function($i) { $i * $n }), function($a, $b) { $a + $b })"
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            sums = list(pool.map(lambda n: evaluate(source, {"n": n}), range(100)))
    finally:
        sys.setswitchinterval(interval)
    assert sums == [1275 * n for n in range(100)]


def test_the_time_is_that_of_the_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    parse("$millis()")
    parse("1")
    monkeypatch.setattr("jsonata.timebox.Timebox.current_milli_time", lambda: 86_400_000)
    assert evaluate("$millis()", {}) == 86_400_000
    assert evaluate("$now()", {}) == "1970-01-02T00:00:00.000Z"


def test_a_value_may_be_as_large_as_on_aws() -> None:
    """Measured on AWS by floci: a text doubled 22 times, and a list of 873,782 numbers."""
    doubled = "$reduce([1..{}], function($s, $_) {{ $s & $s }}, 'x')"
    assert value_of(doubled.format(22) + " ~> $length") == 2**22
    assert value_of("$count([1..873782])") == 873_782
    for source in (doubled.format(23), "$count([1..873783])"):
        with pytest.raises(JsonataError, match=r"^Expression evaluation memory limit exceeded$"):
            value_of(source)


@given(source=st.text(alphabet="$ab.()[]{}'\"`/*+-<>=!?:;,%@#^&|~0123456789 \n", max_size=30))
def test_whatever_the_text_it_parses_or_is_malformed(source: str) -> None:
    with contextlib.suppress(JsonataError):
        parse(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("1 ~ 2", 'S0204: Unknown operator: "~"'),
        ("1 ! 2", 'S0204: Unknown operator: "!"'),
        ("/* open", "S0106: Comment has no closing tag"),
        ("/?/", "Invalid regular expression: nothing to repeat at position 0"),
        ("(1", 'S0203: Expected ")" before end of expression'),
        ("a[1,2)", 'S0202: Expected "]", got ","'),
    ],
)
def test_malformed_jsonata_is_explained(source: str, words: str) -> None:
    with pytest.raises(JsonataError) as malformed:
        parse(source)
    assert str(malformed.value) == words

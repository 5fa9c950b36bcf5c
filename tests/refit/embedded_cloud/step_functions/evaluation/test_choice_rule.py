"""Choice rules of JSONPath states. Recorded values: LocalStack's v2/choice_operators (the test of each operator)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.embedded_cloud.step_functions.evaluation.choice_rule import COMPARISONS, TYPES, matches
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

EARLY, LATE = "2012-10-09T19:00:55Z", "2012-10-09T19:00:56Z"
OF_OTHER_TYPES = (None, 0, 0.0, 1, 1.1, "", " ", "HelloWorld", EARLY, [], [""], {}, {"A": 0}, False, True)


def decided(operator: str, variable: Any, value: Any) -> bool:
    """The rule with a literal value; its variant with a path must say the same."""
    scope = Scope({"Variable": variable, "Value": value}, {}, {})
    answer = matches({"Variable": "$.Variable", operator: value, "Next": "X"}, scope)
    if operator in COMPARISONS:
        assert matches({"Variable": "$.Variable", f"{operator}Path": "$.Value"}, scope) is answer
    return answer


@pytest.mark.parametrize(
    ("operator", "variable", "value"),
    [
        ("StringEquals", "Hello", "Hello"),
        ("StringGreaterThan", "B", "A"),
        ("StringGreaterThanEquals", "", ""),
        ("StringGreaterThanEquals", "AB", "A"),
        ("StringLessThan", "A", "AB"),
        ("StringLessThanEquals", "", ""),
        ("StringLessThanEquals", "A", "AB"),
        ("StringLessThan", "\U00010000", "\uffff"),  # in Java's order, by UTF-16 units
        ("NumericEquals", 1, 1.0),
        ("NumericEquals", 0, -0.0),
        ("NumericGreaterThan", 2, 1.5),
        ("NumericGreaterThanEquals", 3, 3),
        ("NumericLessThan", -1, 0),
        ("NumericLessThanEquals", 5, 5),
        ("BooleanEquals", True, True),
        ("BooleanEquals", False, False),
        ("TimestampEquals", EARLY, EARLY),
        ("TimestampEquals", "2012-10-09T20:00:55+01:00", EARLY),
        ("TimestampGreaterThan", LATE, EARLY),
        ("TimestampGreaterThanEquals", EARLY, EARLY),
        ("TimestampLessThan", EARLY, LATE),
        ("TimestampLessThan", "2012-10-09T19:00:55.1Z", "2012-10-09T19:00:55.100000001Z"),
        ("TimestampLessThanEquals", EARLY, LATE),
        ("StringMatches", "fooBARbaz", "foo*baz"),
        ("StringMatches", "log-2026.txt", "log-*.txt"),
        ("StringMatches", "", "*"),
        ("StringMatches", "a\nb", "a*b"),
        ("StringMatches", "a*b", "a\\*b"),
        ("StringMatches", "a\\b", "a\\\\b"),
        ("StringMatches", "a.b", "a.b"),
    ],
)
def test_a_comparison_is_true(operator: str, variable: Any, value: Any) -> None:
    assert decided(operator, variable, value)


@pytest.mark.parametrize(
    ("operator", "variable", "value"),
    [
        ("StringEquals", " ", "     "),
        ("StringEquals", "\t\n", "\t\r\n"),
        ("StringGreaterThan", "", ""),
        ("StringGreaterThan", "A", "A "),
        ("StringGreaterThan", "AB", "ABC"),
        ("StringLessThan", "AB", "A"),
        ("NumericEquals", 1, 2),
        ("NumericLessThan", 1, 1),
        ("BooleanEquals", False, True),
        ("TimestampEquals", EARLY, LATE),
        ("TimestampGreaterThan", EARLY, LATE),
        ("TimestampEquals", "2023-02-24 12:15:56.832957", EARLY),
        ("StringMatches", "fooBAR", "foo*baz"),
        ("StringMatches", "axb", "a\\*b"),
        ("StringMatches", "axb", "a.b"),
        ("StringMatches", 1, "*"),
    ],
)
def test_a_comparison_is_false(operator: str, variable: Any, value: Any) -> None:
    assert not decided(operator, variable, value)


@pytest.mark.parametrize("variable", OF_OTHER_TYPES, ids=repr)
@pytest.mark.parametrize("name", sorted(COMPARISONS))
def test_a_comparison_of_another_type_is_false(name: str, variable: Any) -> None:
    wanted = {"String": "HelloWorld", "Numeric": 1, "Boolean": True, "Timestamp": EARLY}
    kind = next(kind for kind in wanted if name.startswith(kind))
    own = {"String": str, "Numeric": (int, float), "Boolean": bool, "Timestamp": str}[kind]
    if not isinstance(variable, own) or (kind == "Numeric" and isinstance(variable, bool)):
        assert not decided(name, variable, wanted[kind])


@pytest.mark.parametrize("variable", OF_OTHER_TYPES, ids=repr)
@pytest.mark.parametrize("name", sorted(TYPES))
def test_a_type_is_tested(name: str, variable: Any) -> None:
    """Recorded: test_is_operators; a boolean is no number, and null only null."""
    expected = {
        "IsNull": variable is None,
        "IsBoolean": variable is True or variable is False,
        "IsNumeric": type(variable) in (int, float),
        "IsString": type(variable) is str,
        "IsTimestamp": variable is EARLY,
    }[name]
    assert decided(name, variable, True) is expected
    assert decided(name, variable, False) is not expected


@pytest.mark.parametrize(
    ("text", "is_timestamp"),
    [("2012-10-09T19:00:55", False), ("2012-10-09T19:00:55+01:00", True), ("2023-02-24", False)],
)
def test_a_timestamp_needs_a_zone_and_a_time(text: str, is_timestamp: bool) -> None:
    assert decided("IsTimestamp", text, True) is is_timestamp


@pytest.mark.parametrize("variable", [None, 0, "", [], {}, False])
def test_whatever_is_there_is_present(variable: Any) -> None:
    """Recorded: test_is_present; null is present."""
    assert decided("IsPresent", variable, True)
    assert not decided("IsPresent", variable, False)


@pytest.mark.parametrize("path", ["$.no", "$.no.x", "$.Variable[3]", "$.Variable.x", "$no", "$$.Task.Token"])
def test_whatever_is_not_there_is_absent(path: str) -> None:
    scope = Scope({"Variable": []}, {}, {})
    assert not matches({"Variable": path, "IsPresent": True}, scope)
    assert matches({"Variable": path, "IsPresent": False}, scope)


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        *(({"Variable": "$.no", name: 1}, "$.no") for name in sorted((*COMPARISONS, *TYPES, "StringMatches"))),
        *(({"Variable": "$.a", f"{name}Path": "$.b.no"}, "$.b.no") for name in sorted(COMPARISONS)),
        ({"Variable": "$unknown", "StringEquals": "x"}, "$unknown"),
        ({"And": [{"Variable": "$.no", "IsNull": False}]}, "$.no"),
        ({"Not": {"Variable": "$.no.x", "IsString": True}}, "$.no.x"),
    ],
)
def test_a_variable_that_is_not_there_fails(rule: dict[str, Any], path: str, failure: Any) -> None:
    words = f"Invalid path '{path}': The choice state's condition path references an invalid value."
    assert failure(matches, rule, Scope({"a": 1, "b": {}}, {}, {})) == ("States.Runtime", words, None)


YES, NO = {"Variable": "$.a", "NumericEquals": 1}, {"Variable": "$.a", "NumericEquals": 2}
FAILS = {"Variable": "$.no", "NumericEquals": 2}


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        ({"And": [YES, YES]}, True),
        ({"And": [YES, NO]}, False),
        ({"And": [NO, FAILS]}, False),
        ({"Or": [NO, YES]}, True),
        ({"Or": [NO, NO]}, False),
        ({"Or": [YES, FAILS]}, True),
        ({"Not": NO}, True),
        ({"Not": {"And": [YES, {"Not": NO}]}}, False),
        ({"And": [{"Or": [NO, YES]}, {"Not": NO}]}, True),
    ],
)
def test_rules_are_joined_and_only_as_many_are_decided_as_needed(rule: dict[str, Any], answer: bool) -> None:
    assert matches(rule, Scope({"a": 1}, {}, {})) is answer


def test_a_variable_may_be_a_workflow_variable_or_in_the_context_object() -> None:
    scope = Scope({}, {"State": {"RetryCount": 2}}, {"v": {"n": 2}})
    assert matches({"Variable": "$v.n", "NumericEqualsPath": "$$.State.RetryCount"}, scope)


@given(text=st.text())
def test_an_escaped_pattern_matches_only_its_text(text: str) -> None:
    pattern = text.replace("\\", "\\\\").replace("*", "\\*")
    assert decided("StringMatches", text, pattern)
    assert not decided("StringMatches", text + "x", pattern)

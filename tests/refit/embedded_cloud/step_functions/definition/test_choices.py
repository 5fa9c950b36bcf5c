"""The rules of a Choice.

The words were measured on AWS: badmintoncryer/cdk-preflight, pf-sfn-asl-choice-rules.
"""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.step_functions.definition.choices import COMPARISONS
from tests.support.state_machines import (
    Finding,
    choice,
    missing,
    only_for,
    only_one_of,
    refusals,
    required,
    schema,
    unsupported,
)

HERE = "/States/C/Choices[0]"
SELECTORS = "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]"
IS_NULL = {"Variable": "$.a", "IsNull": True}
TEXT = "Expected value of type [STRING]"
NUMBER = "Expected value of type Number"
BOOLEAN = "Expected value of type [BOOLEAN]"
TIMESTAMP = "String does not match RFC3339 timestamp"
NO_DOLLAR = "Value is not a Reference Path: Reference path didn't start with '$'"


def rule(**fields: Any) -> str:
    return choice({"Next": "Y"} | fields)


def test_a_choice_has_a_rule() -> None:
    assert schema("Value cannot be empty", "/States/C/Choices") in refusals(choice())


def test_39_comparisons_exist() -> None:
    assert len(COMPARISONS) == 39


@pytest.mark.parametrize("name", COMPARISONS)
def test_every_comparison_takes_a_value_of_its_type(name: str) -> None:
    values: dict[str, Any] = {"Numeric": 1.5, "Timestamp": "2026-11-30T00:00:00Z", "String": "s"}
    kind = next((kind for kind in values if name.startswith(kind)), None)
    value = "$.b" if name.endswith("Path") else values[kind] if kind else True
    assert refusals(rule(Variable="$.a", **{name: value})) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("StringEquals", 1, TEXT),
        ("StringMatches", None, TEXT),
        ("NumericEquals", "1", NUMBER),
        ("NumericLessThan", True, NUMBER),
        ("BooleanEquals", "true", BOOLEAN),
        ("BooleanEquals", 0, BOOLEAN),
        ("TimestampEquals", "tomorrow", TIMESTAMP),
        ("TimestampGreaterThan", 1, TEXT),
        ("IsPresent", "true", BOOLEAN),
        ("IsTimestamp", 1, BOOLEAN),
        ("StringEqualsPath", "b", NO_DOLLAR),
        ("NumericEqualsPath", "$.b[*]", "Value is not a Reference Path"),
        ("TimestampEqualsPath", 1, TEXT),
        ("Variable", "States.ArrayLength($.a)", NO_DOLLAR),
        ("Variable", "$..a", "Value is not a Reference Path"),
        ("Variable", 1, TEXT),
        ("Next", 1, TEXT),
    ],
)
def test_the_values_of_a_rule_are_checked(name: str, value: Any, words: str) -> None:
    fields = {"Variable": "$.a"} | ({"IsNull": True} if name in ("Variable", "Next") else {}) | {name: value}
    assert schema(words, f"{HERE}/{name}") in refusals(rule(**fields))


@pytest.mark.parametrize(
    ("fields", "findings"),
    [
        ({}, [schema(SELECTORS, HERE)]),
        ({"Variable": "$.a", "Not": IS_NULL, "IsNull": True}, [schema(SELECTORS, HERE)]),
        ({"And": [IS_NULL], "Or": [IS_NULL]}, [schema(SELECTORS, HERE)]),
        ({"IsNull": True}, [schema(SELECTORS, HERE), required("Variable", HERE)]),
        ({"Variable": "$.a", "IsNull": True, "IsPresent": True}, [only_one_of("IsNull, IsPresent", HERE)]),
        ({"Variable": "$.a", "Equals": 1}, [unsupported("Equals", HERE)]),
        ({"And": []}, [schema("Value cannot be empty", f"{HERE}/And")]),
        ({"Or": IS_NULL}, [schema("Expected value of type [ARRAY]", f"{HERE}/Or")]),
        ({"Not": [IS_NULL]}, [schema("Expected value of type [OBJECT]", f"{HERE}/Not")]),
        ({"And": [IS_NULL | {"Next": "Y"}]}, [unsupported("Next", f"{HERE}/And[0]")]),
        ({"Not": IS_NULL | {"Next": "Y"}}, [unsupported("Next", f"{HERE}/Not")]),
        ({"Or": [IS_NULL, {"Not": {"Variable": "$.b"}}]}, None),
        ({"Or": [IS_NULL, {"And": [IS_NULL, {}]}]}, [schema(SELECTORS, f"{HERE}/Or[1]/And[1]")]),
        ({"Or": [IS_NULL, "x"]}, [schema("Expected value of type [OBJECT]", f"{HERE}/Or[1]")]),
    ],
)
def test_a_rule_says_one_thing(fields: dict[str, Any], findings: list[Finding] | None) -> None:
    found = refusals(rule(**fields))
    if findings is None:
        (only,) = found
        assert only[1].startswith("This object should have only one of the following fields: [StringEquals, ")
        assert only[2] == f"{HERE}/Or[1]/Not"
    else:
        assert [one for one in found if "one of the following fields: [StringEquals" not in one[1]] == findings


def test_rules_nest() -> None:
    deep: dict[str, Any] = IS_NULL
    for _ in range(20):
        deep = {"Not": {"And": [deep, {"Or": [IS_NULL]}]}}
    assert refusals(rule(**deep)) == []


@pytest.mark.parametrize("condition", ["{% $states.input.a = 1 %}", True, False])
def test_a_condition_is_jsonata_or_a_constant(condition: Any) -> None:
    assert refusals(choice({"Condition": condition, "Next": "Y"}, language="JSONata")) == []


@pytest.mark.parametrize("condition", ["true", "$states.input.a", 1, None, {}])
def test_other_conditions_are_refused(condition: Any) -> None:
    assert refusals(choice({"Condition": condition, "Next": "Y"}, language="JSONata")) == [
        schema("JSONata string must start with {% and end with %}", f"{HERE}/Condition")
    ]


def test_a_rule_of_jsonata_assigns_and_gives_output() -> None:
    good = {"Condition": "{% true %}", "Next": "Y", "Assign": {"a": 1}, "Output": {"b": 2}, "Comment": "c"}
    assert refusals(choice(good, language="JSONata")) == []
    assert refusals(rule(**IS_NULL, Assign={"a.$": "$.a"}, Output={})) == [only_for("Output", "JSONata", HERE)]


def test_a_rule_without_a_state_to_go_to() -> None:
    assert refusals(choice(IS_NULL | {"Next": "X"}, Default="N"))[0] == missing("X", f"{HERE}/Next")

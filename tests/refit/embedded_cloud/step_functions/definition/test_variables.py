"""The names of variables.

The words were measured on AWS: badmintoncryer/cdk-preflight, pf-sfn-asl-jsonpath-syntax.
https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.state_machines import FUNCTION, PASS, Finding, choice, machine, refusals, schema, single

HERE = "/States/S/Assign"


@pytest.mark.parametrize("name", ["a", "busy_waits", "x1", "größe", "変数", "state", "n" * 80])
@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
def test_names_are_identifiers(name: str, language: str) -> None:
    assert refusals(single("Pass", language=language, Assign={name: 1})) == []


@pytest.mark.parametrize("name", ["", "1a", "_a", "a-b", "a b", "a.b", "$a", "a$"])
@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
def test_other_names_are_refused(name: str, language: str) -> None:
    words = f"Invalid variable name '{name}': the variable name contains invalid characters."
    found = refusals(single("Pass", language=language, Assign={name: 1}))
    assert found == [("INVALID_VARIABLE_NAME", words, HERE)]


def test_a_name_has_at_most_80_characters() -> None:
    words = f"Invalid variable name '{'n' * 81}': the variable name exceeds the 80-character limit."
    assert refusals(single("Pass", Assign={"n" * 81: 1})) == [("INVALID_VARIABLE_NAME", words, HERE)]


@pytest.mark.parametrize("name", ["states", "states.$"])
def test_states_is_reserved(name: str) -> None:
    finding = ("RESERVED_VARIABLE_NAME", "Cannot assign to reserved variable '$states'.", HERE)
    assert refusals(single("Pass", Assign={name: "$"})) == [finding]


def test_names_with_a_path_are_checked_without_its_mark() -> None:
    assert refusals(single("Pass", Assign={"a.$": "$.a"})) == []
    words = "Invalid variable name 'a.$': the variable name contains invalid characters."
    found = refusals(single("Pass", language="JSONata", Assign={"a.$": "$.a"}))
    assert found == [("INVALID_VARIABLE_NAME", words, HERE)]


def test_rules_and_catchers_assign_too() -> None:
    rule = {"Variable": "$.a", "IsNull": True, "Next": "Y", "Assign": {"states": 1}}
    assert [place for _, _, place in refusals(choice(rule))] == ["/States/C/Choices[0]/Assign"]
    catcher = {"ErrorEquals": ["E"], "Next": "S", "Assign": {"1": 1}}
    assert [place for _, _, place in refusals(single("Task", Catch=[catcher]))] == ["/States/S/Catch[0]/Assign"]


def scoped(inner: dict[str, Any], kind: str = "Parallel", **outer: Any) -> list[Finding]:
    """What is wrong with a machine that assigns a variable x, and then has a Parallel or Map."""
    scope = {"StartAt": "I", "States": {"I": inner}}
    field = {"Branches": [scope]} if kind == "Parallel" else {"ItemProcessor": scope}
    states = {
        "A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "S"},
        "S": {"Type": kind, **field, "End": True, **outer},
    }
    return refusals(machine(states))


@pytest.mark.parametrize(("kind", "place"), [("Parallel", "Branches[0]"), ("Map", "ItemProcessor")])
@pytest.mark.parametrize(("name", "refused"), [("x", True), ("x.$", True), ("y", False), ("X", False)])
def test_an_inner_scope_does_not_assign_a_variable_of_an_outer_one(
    kind: str, place: str, name: str, refused: bool
) -> None:
    words = "Variable 'x' is assigned in an outer scope and cannot be assigned in this one"
    found = scoped(PASS | {"Assign": {name: "$"}}, kind)
    assert found == ([schema(words, f"/States/S/{place}/States/I/Assign")] if refused else [])


def test_a_rule_and_a_catcher_inside_do_not_either() -> None:
    catcher = {"ErrorEquals": ["E"], "Next": "I", "Assign": {"x": 1}}
    (found,) = scoped({"Type": "Task", "Resource": FUNCTION, "Catch": [catcher], "End": True})
    assert found[2] == "/States/S/Branches[0]/States/I/Catch[0]/Assign"


def test_the_catcher_of_a_parallel_assigns_in_the_scope_around_it() -> None:
    """https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html"""
    catcher = {"ErrorEquals": ["E"], "Next": "A", "Assign": {"x": 2}}
    assert scoped(PASS, Catch=[catcher], Assign={"x": 3}) == []


def test_branches_may_assign_the_same_variable() -> None:
    """Recorded on AWS: localstack/localstack, BASE_SCOPE_PARALLEL."""
    branches = [
        {"StartAt": name, "States": {name: PASS | {"Assign": {"inner.$": "$x", "value.$": "$"}}}} for name in ("A", "B")
    ]
    assert refusals(single("Parallel", Branches=branches)) == []

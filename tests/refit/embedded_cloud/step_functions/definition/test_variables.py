"""The names of variables.

The words were measured on AWS: badmintoncryer/cdk-preflight, pf-sfn-asl-jsonpath-syntax.
https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

import pytest

from tests.support.state_machines import choice, refusals, single

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

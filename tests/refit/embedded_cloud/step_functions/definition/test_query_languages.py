"""Which query language a state has, and what that means for its fields.

Measured on AWS: floci-io/floci#2968 and #2972.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.state_machines import PASS, Finding, machine, only_for, refusals, schema, single

NOT_ONE = "Value should be one of the following: [JSONPath, JSONata]"
DOWNGRADE = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
TEXT = "Expected value of type [STRING]"
HERE = "/States/S/QueryLanguage"


def paths_and_output(language: Any, of_the_machine: Any = "JSONPath", **fields: Any) -> list[Finding]:
    state = PASS | fields | ({} if language is None else {"QueryLanguage": language})
    return refusals(machine({"S": state}, QueryLanguage=of_the_machine))


@pytest.mark.parametrize(
    ("language", "of_the_machine", "words"),
    [
        ("JSONata", "JSONPath", None),
        ("JSONata", "JSONata", None),
        (None, "JSONata", None),
        ("jsonata", "JSONPath", NOT_ONE),
        ("jsonpath", "JSONata", NOT_ONE),
        ("foo", "JSONPath", NOT_ONE),
        (5, "JSONPath", TEXT),
    ],
)
def test_whatever_is_not_exactly_jsonpath_is_jsonata(language: Any, of_the_machine: str, words: str | None) -> None:
    wrong = [] if words is None else [schema(words, HERE)]
    assert paths_and_output(language, of_the_machine, Output=1) == wrong
    found = paths_and_output(language, of_the_machine, InputPath="$")
    assert sorted(found) == sorted([only_for("InputPath", "JSONPath"), *wrong])


@pytest.mark.parametrize(("language", "words"), [("jsonpath", NOT_ONE), ("jsonata", NOT_ONE), (5, TEXT)])
def test_the_machine_too(language: Any, words: str) -> None:
    assert paths_and_output(None, language, Output=1) == [schema(words, "/QueryLanguage")]
    found = paths_and_output(None, language, InputPath="$")
    assert found == [schema(words, "/QueryLanguage"), only_for("InputPath", "JSONPath")]


@pytest.mark.parametrize("language", ["JSONPath", None])
def test_a_state_is_jsonpath_if_it_or_the_machine_says_so(language: str | None) -> None:
    assert paths_and_output(language, InputPath="$") == []
    assert paths_and_output(language, Output=1) == [only_for("Output", "JSONata")]


def test_a_downgrade_is_said_instead_of_the_fields_of_the_other_language() -> None:
    assert paths_and_output("JSONPath", "JSONata", Output=1) == [schema(DOWNGRADE, "/States/S")]
    assert paths_and_output("JSONPath", "JSONata", InputPath="$") == [schema(DOWNGRADE, "/States/S")]


def test_the_rest_of_a_downgraded_state_is_checked() -> None:
    found = refusals(single("Map", language="JSONata", QueryLanguage="JSONPath", MaxConcurrency=-1))
    assert found == [schema(DOWNGRADE, "/States/S"), schema("Minimum value is 0", "/States/S/MaxConcurrency")]


@pytest.mark.parametrize(("kind", "field"), [("Map", "ItemProcessor"), ("Parallel", "Branches")])
def test_states_inside_have_the_language_of_the_machine_not_of_what_they_are_in(kind: str, field: str) -> None:
    scope = {"StartAt": "I", "States": {"I": PASS | {"Output": 1}}}
    inner = scope if kind == "Map" else [scope]
    place = "/States/S/ItemProcessor/States/I" if kind == "Map" else "/States/S/Branches[0]/States/I"
    refused = [only_for("Output", "JSONata", place)]
    assert refusals(single(kind, QueryLanguage="JSONata", **{field: inner})) == refused
    assert refusals(single(kind, language="JSONata", **{field: inner})) == []
    scope["States"] = {"I": PASS | {"Output": 1, "QueryLanguage": "JSONata"}}
    assert refusals(single(kind, **{field: inner})) == []


def test_a_map_itself_has_its_own_language() -> None:
    assert refusals(single("Map", QueryLanguage="JSONata", Items="{% [1, 2] %}", Output="{% $states.result %}")) == []

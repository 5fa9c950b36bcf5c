"""Where a machine goes: targets, terminal states, reachability, names.

The words, places and order were measured on AWS: floci-io/floci#2735 and #2786, badmintoncryer/cdk-preflight.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.state_machines import (
    FUNCTION,
    NO_END,
    PASS,
    Finding,
    machine,
    missing,
    refusals,
    schema,
    unreachable,
)


def to(target: str, **fields: Any) -> dict[str, Any]:
    return {"Type": "Pass", "Next": target} | fields


TASK = {"Type": "Task", "Resource": FUNCTION, "End": True}


@pytest.mark.parametrize(
    ("states", "findings"),
    [
        ({"A": to("B"), "B": PASS}, []),
        ({"A": to("NOPE")}, [missing("NOPE", "/States/A/Next"), NO_END]),
        (
            {"C": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "X"}], "Default": "E"}}
            | {"E": {"Type": "Succeed"}},
            [missing("X", "/States/C/Choices[0]/Next")],
        ),
        (
            {"C": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "E"}], "Default": "X"}}
            | {"E": {"Type": "Succeed"}},
            [missing("X", "/States/C/Default")],
        ),
        (
            {"T": TASK | {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "X"}]}},
            [missing("X", "/States/T/Catch[0]/Next")],
        ),
        ({"A": to("B"), "B": to("A")}, [NO_END]),
        ({"A": to("B"), "B": to("A"), "C": to("A")}, [NO_END]),
        ({"A": to("B"), "B": to("A"), "C": PASS}, [unreachable("/States/C")]),
        ({"A": PASS, "B": to("C"), "C": to("B")}, [unreachable("/States/B"), unreachable("/States/C")]),
        ({"A": PASS, "Self": to("Self")}, [unreachable("/States/Self")]),
    ],
)
def test_targets_and_ends(states: dict[str, Any], findings: list[Finding]) -> None:
    assert refusals(machine(states)) == findings


def test_it_starts_at_a_state() -> None:
    assert refusals(machine({"A": PASS}, StartAt="B")) == [missing("B", "/StartAt"), unreachable("/States/A")]


def test_a_state_of_a_catcher_is_reached() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}]
    assert refusals(machine({"T": TASK | {"Catch": catch}, "Failed": {"Type": "Fail"}})) == []


def parallel(*branches: dict[str, Any], **fields: Any) -> dict[str, Any]:
    inner = [{"StartAt": next(iter(states)), "States": states} for states in branches]
    return {"Type": "Parallel", "Branches": inner, "End": True} | fields


def map_of(states: dict[str, Any], processor: str = "ItemProcessor", **fields: Any) -> dict[str, Any]:
    return {"Type": "Map", processor: {"StartAt": next(iter(states)), "States": states}, "End": True} | fields


def test_a_branch_cannot_leave_its_scope() -> None:
    states = {"P": parallel({"B": to("After")}), "After": PASS}
    del states["P"]["End"]
    states["P"]["Next"] = "After"
    assert refusals(machine(states)) == [missing("After", "/States/P/Branches[0]/States/B/Next")]


def test_a_map_cannot_leave_its_scope() -> None:
    states = {"M": map_of({"I": to("M")}, "Iterator")}
    assert refusals(machine(states)) == [missing("M", "/States/M/Iterator/States/I/Next")]


def test_nothing_enters_a_scope() -> None:
    states = {"A": to("B"), "P": parallel({"B": PASS})}
    assert refusals(machine(states)) == [missing("B", "/States/A/Next"), unreachable("/States/P")]


def test_an_inner_scope_need_not_end() -> None:
    assert refusals(machine({"M": map_of({"A": to("B"), "B": to("A")})})) == []


def test_states_of_inner_scopes_must_be_reachable() -> None:
    states = {"P": parallel({"A": PASS}, {"B": PASS, "C": PASS})}
    assert refusals(machine(states)) == [unreachable("/States/P/Branches[1]/States/C")]


def test_an_inner_scope_starts_at_one_of_its_states() -> None:
    states = {"M": map_of({"I": PASS})}
    states["M"]["ItemProcessor"]["StartAt"] = "J"
    place = "/States/M/ItemProcessor"
    assert refusals(machine(states)) == [missing("J", f"{place}/StartAt"), unreachable(f"{place}/States/I")]


def test_names_are_unique_in_the_whole_machine() -> None:
    states = {"P": parallel({"X": PASS}, {"X": PASS})}
    duplicate = ("DUPLICATE_STATE_NAME", "Duplicate State name: X", "/States/P/Branches[1]/States/X")
    assert refusals(machine(states)) == [duplicate]


@pytest.mark.parametrize(("length", "refused"), [(80, False), (81, True)])
def test_a_name_has_at_most_80_characters(length: int, refused: bool) -> None:
    name = "n" * length
    words = f"Invalid State name: '{name}' exceeds the 80-character limit allowed by the service"
    assert refusals(machine({name: PASS})) == ([("INVALID_STATE_NAME", words, f"/States/{name}")] if refused else [])


def test_a_name_is_not_empty() -> None:
    assert refusals(machine({"": PASS})) == [("INVALID_STATE_NAME", "Invalid State name: ''", "/States/")]


def test_labels_are_unique_in_the_whole_machine() -> None:
    states = {"M": map_of({"I": PASS}, Label="a", Next="N"), "N": map_of({"J": PASS}, Label="a")}
    del states["M"]["End"]
    assert refusals(machine(states)) == [("DUPLICATE_LABEL_NAME", "Duplicate Label name: a", "/States/N/Label")]


@pytest.mark.parametrize("value", ["JSONata", 1, None, []])
def test_what_stands_among_the_states_is_a_state(value: Any) -> None:
    """QueryLanguage inside States is a common slip."""
    definition = json.dumps({"StartAt": "A", "States": {"A": PASS, "QueryLanguage": value}})
    assert refusals(definition) == [
        schema("Expected value of type [OBJECT]", "/States/QueryLanguage"),
        unreachable("/States/QueryLanguage"),
    ]


@pytest.mark.parametrize("states", [{}, [], "A", None])
def test_there_is_at_least_one_state(states: Any) -> None:
    empty = schema("Value cannot be empty", "/States")
    wrong = schema("Expected value of type [OBJECT]", "/States")
    expected = [found for found, holds in ((empty, states in ({}, [])), (wrong, states != {})) if holds]
    assert refusals(json.dumps({"StartAt": "A", "States": states})) == expected


def test_a_name_with_a_slash_is_whole_in_the_message() -> None:
    """Measured on AWS: floci-io/floci#2786."""
    finding = ("MISSING_TRANSITION_TARGET", 'State "a/b" is not reachable.', "/States/a/b")
    assert refusals(machine({"A": PASS, "a/b": PASS})) == [finding]

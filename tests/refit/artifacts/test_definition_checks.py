"""Every kind of defect in a state machine is found: a valid one is broken in one place, and the check names it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from refit.artifacts import state_machine
from refit.artifacts.definition_checks import check
from refit.pipeline.model import Pipeline

PIPELINE = Pipeline.model_validate(
    {"pipeline": "prices", "data": {"prefix": "data/", "feature_dim": 13}, "orchestration": "polling"}
)
SOUND = state_machine.render(PIPELINE)

Mutation = Callable[[Any], object]


def defects(mutate: Mutation) -> list[str]:
    machine = copy.deepcopy(json.loads(SOUND))
    mutate(machine)
    return check(json.dumps(machine))


MUTANTS: list[tuple[str, Mutation, list[str]]] = [
    ("no start", lambda m: m.update(StartAt="Start"), ["StartAt is Start, which does not exist"]),
    (
        "no bound",
        lambda m: m.pop("TimeoutSeconds"),
        ["the state machine has no TimeoutSeconds: a run could last a year"],
    ),
    (
        "a target that does not exist",
        lambda m: m["States"]["JobCompleted"].update(Next="Deploy"),
        ["JobCompleted leads to Deploy, which does not exist"],
    ),
    (
        "a choice that leads nowhere",
        lambda m: m["States"]["CheckDataBranch"]["Choices"][0].update(Next="Train"),
        ["CheckDataBranch leads to Train, which does not exist"],
    ),
    (
        "a catch that leads nowhere",
        lambda m: m["States"]["CheckData"]["Catch"][0].update(Next="Oops"),
        ["CheckData leads to Oops, which does not exist"],
    ),
    (
        "a state that nothing leads to",
        lambda m: m["States"].update(Orphan={"Type": "Succeed"}),
        ["Orphan cannot be reached"],
    ),
    (
        "an island of states",
        lambda m: m["States"].update(A={"Type": "Pass", "Next": "B"}, B={"Type": "Wait", "Seconds": 1, "Next": "A"}),
        ["A cannot be reached", "B cannot be reached", "no run that reaches A ever ends", "no run that reaches B"],
    ),
    (
        "no default",
        lambda m: m["States"]["CheckStatusBranch"].pop("Default"),
        ["CheckStatusBranch is a Choice without"],
    ),
    (
        "no next",
        lambda m: m["States"]["CheckStatusWait"].pop("Next"),
        ["CheckStatusWait has no Next", "no run that reaches"],
    ),
    ("no retry", lambda m: m["States"]["GetStatus"].pop("Retry"), ["GetStatus is a Task without Retry"]),
    ("an empty retry", lambda m: m["States"]["GetStatus"].update(Retry=[]), ["GetStatus is a Task without Retry"]),
    (
        "no catch",
        lambda m: m["States"]["GetStatus"].pop("Catch"),
        ["GetStatus is a Task whose Catch does not include States.ALL"],
    ),
    (
        "a catch of some errors only",
        lambda m: m["States"]["GetStatus"]["Catch"][0].update(ErrorEquals=["States.Timeout"]),
        ["GetStatus is a Task whose Catch does not include States.ALL"],
    ),
    (
        "no bound of a task",
        lambda m: m["States"]["GetStatus"].pop("TimeoutSeconds"),
        ["GetStatus is a Task without TimeoutSeconds"],
    ),
    (
        "a loop that does not wait",
        lambda m: m["States"]["CheckStatusBranch"]["Choices"][0].update(Next="GetStatus"),
        ["the loop GetStatus → CheckStatusBranch → GetStatus has no Wait"],
    ),
    (
        "a state that repeats itself",
        lambda m: m["States"]["JobCompleted"].update(Next="JobCompleted"),
        ["no run that reaches JobCompleted ever ends", "the loop JobCompleted → JobCompleted has no Wait"],
    ),
    (
        "an unknown type",
        lambda m: m["States"]["Deployed"].update(Type="Success"),
        ["Deployed has the Type Success; expected one of"],
    ),
    (
        "an unknown placeholder",
        lambda m: m["States"]["GetStatus"].update(Resource="${get_state_arn}"),
        ["${get_state_arn} is not a variable that Terraform fills in"],
    ),
    (
        "a directive",
        lambda m: m.update(Comment="%{ if true }"),
        ["%{ would start a Terraform directive"],
    ),
    ("no states", lambda m: m.pop("States"), ["the definition has no States"]),
]


def test_the_definition_is_sound_before_it_is_broken() -> None:
    assert check(SOUND) == []


@pytest.mark.parametrize(("mutate", "expected"), [pytest.param(m, e, id=name) for name, m, e in MUTANTS])
def test_a_defect_is_found(mutate: Mutation, expected: list[str]) -> None:
    found = defects(mutate)
    assert found
    assert [part for part in expected if not any(defect.startswith(part) for defect in found)] == []


def test_a_state_written_twice_is_found() -> None:
    assert check(SOUND.replace('"Deployed": {', '"NoNewData": {')) == [
        "the definition is not JSON: NoNewData is defined twice"
    ]


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', '{"States": []}', '{"States": {"A": 1}}'])
def test_a_text_that_is_not_a_definition_is_reported(text: str) -> None:
    (defect,) = check(text)
    assert defect.startswith("the definition ")

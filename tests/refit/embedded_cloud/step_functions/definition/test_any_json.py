"""Whatever stands anywhere in a definition, it is checked without an exception, and in time."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refit.embedded_cloud.step_functions.definition import Diagnostic, check, invalid_definition_message
from tests.support.definitions import VARIANTS, applied
from tests.support.state_machines import FUNCTION, PASS, TRAINING

Path = tuple[str | int, ...]

EVERY_TYPE = {
    "StartAt": "P",
    "States": {
        "P": {"Type": "Pass", "Parameters": {"a.$": "$.a", "b": [{"c.$": "States.UUID()"}]}, "Next": "T"},
        "T": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
            "Parameters": TRAINING,
            "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 1, "BackoffRate": 2.0}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "F", "ResultPath": "$.e"}],
            "Next": "C",
        },
        "C": {
            "Type": "Choice",
            "Choices": [
                {"And": [{"Variable": "$.a", "IsNull": True}, {"Not": {"Variable": "$.b", "StringEquals": "x"}}]}
                | {"Next": "W"}
            ],
            "Default": "J",
        },
        "W": {"Type": "Wait", "Timestamp": "2026-11-30T00:00:00Z", "Next": "L"},
        "L": {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": PASS}}], "Next": "M"},
        "M": {
            "Type": "Map",
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"}},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "I",
                "States": {"I": {"Type": "Task", "Resource": FUNCTION, "End": True}},
            },
            "Label": "l",
            "Next": "S",
        },
        "J": {
            "Type": "Task",
            "QueryLanguage": "JSONata",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "f", "Payload": "{% $states.input %}"},
            "Output": "{% $states.result.Payload %}",
            "Assign": {"v": "{% $x %}"},
            "End": True,
        },
        "S": {"Type": "Succeed"},
        "F": {"Type": "Fail", "ErrorPath": "$.e.Error", "Cause": "c"},
    },
}  # fmt: skip


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """The places of all values inside one."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in inner:
        yield from paths(member, (*path, key))


def replaced(value: Any, path: Path, new: Any) -> Any:
    """A copy with another value at a place."""
    if not path:
        return new
    value = copy.deepcopy(value)
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return value


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["$", "$$", "$.", "{%", "%}", "{% %}", "States.", "arn:aws:states:::", "a.$"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip


def test_the_machine_is_accepted() -> None:
    assert check(json.dumps(EVERY_TYPE)) == []


@given(path=st.sampled_from(list(paths(EVERY_TYPE))), value=ANY)
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_value_in_any_place_is_checked(path: Path, value: Any) -> None:
    found = check(json.dumps(replaced(EVERY_TYPE, path, value)))
    assert all(isinstance(one, Diagnostic) and one.code and one.message for one in found)
    assert invalid_definition_message(found).startswith("Invalid State Machine Definition: '")


@given(text=st.text(max_size=40))
def test_any_text_is_checked(text: str) -> None:
    assert check(text)


@pytest.mark.parametrize("wrong", [None, True, 1, 1.5, "text", [], {}, [[]], {"a": {}}, [{"a": []}]], ids=repr)
def test_a_value_of_another_type_in_every_place_is_checked(wrong: Any) -> None:
    for path in paths(EVERY_TYPE):
        check(json.dumps(replaced(EVERY_TYPE, path, wrong)))


@pytest.mark.parametrize("variant", ["shortest", "direct-gate"])
def test_every_structure_of_a_rendered_definition_is_checked(variant: str) -> None:
    """Without any one of its states' fields that AWS needs, a definition is refused."""
    machine = json.loads(applied(VARIANTS[variant]))
    for name, state in machine["States"].items():
        for field in state.keys() & {"Type", "Next", "Resource", "Choices"}:
            less = replaced(machine, ("States", name), {key: value for key, value in state.items() if key != field})
            assert check(json.dumps(less)), f"{name} without {field}"

"""Payload templates of JSONPath: members whose names end in `.$`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.state_machines import FUNCTION, Finding, refusals, schema, single

NEITHER = "must be a valid JSONPath or a valid intrinsic function call"


def said(name: str, words: str, location: str = "/States/S/Parameters") -> Finding:
    return schema(f"The value for the field '{name}' {words}", location)


@pytest.mark.parametrize(
    "value",
    [
        "$",
        "$.a.b[0]",
        "$$",
        "$$.Map.Item.Value",
        "$variable",
        "$variable.a",
        "$..a",
        "$.a[*].b",
        "$.a[?(@.b == 'x')]",
        "$.a[-1]",
        "$.a[1:3]",
        "$.a.length()",
        "$.[?(@.a < 1999)].b",
        "$.a.[0].b",
        "$.[*].['a', 'b']",
        '$[\'a""b"\']',
        "States.UUID()",
        "States.JsonToString($.[?(@.a <= 1998)])",
        "States.Format('{}-{}', $.a, States.UUID())",
        "States.MathAdd(States.ArrayLength($.a[*]), -1)",
        "States.Array(1, 'it\\'s', true, null, $$.Execution.Name)",
        "States.Format('\\{{}\\}', $.a)",
    ],
)
def test_paths_and_functions_are_accepted(value: str) -> None:
    assert refusals(single("Pass", Parameters={"a.$": value})) == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a",
        "$.",
        "$.a[",
        "$a b",
        "text $.a",
        "States.Nothing($.a)",
        "States.Format('{}', $.a",
        "States.Format('{}' $.a)",
        'States.Format("{}", $.a)',
        "States.Format('{}', a)",
        "States.Format('two\nlines')",
        'States.StringToJson(\'{"text":"An \\"escaped\\" one"}\')',
        "States.UUID",
        "UUID()",
    ],
)
def test_other_text_is_refused(value: str) -> None:
    assert refusals(single("Pass", Parameters={"a.$": value})) == [said("a.$", NEITHER)]


def test_functions_nest_ten_times() -> None:
    def nested(times: int) -> str:
        return "States.Array(" * times + "1" + ")" * times

    assert refusals(single("Pass", Parameters={"a.$": nested(10)})) == []
    assert refusals(single("Pass", Parameters={"a.$": nested(11)})) == [said("a.$", NEITHER)]


@pytest.mark.parametrize(
    ("value", "kind"),
    [(1, "INTEGER"), (1.5, "NUMBER"), (True, "BOOLEAN"), (None, "NULL"), ({}, "OBJECT"), ([], "ARRAY")],
)
def test_a_path_is_a_string(value: Any, kind: str) -> None:
    assert refusals(single("Pass", Parameters={"a.$": value})) == [
        said("a.$", f"must be a STRING that contains a JSONPath but was an {kind}")
    ]


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("Pass", "Parameters"),
        ("Task", "Parameters"),
        ("Task", "ResultSelector"),
        ("Parallel", "Parameters"),
        ("Parallel", "ResultSelector"),
        ("Map", "ItemSelector"),
        ("Map", "Parameters"),
        ("Map", "ResultSelector"),
        ("Pass", "Assign"),
        ("Choice", "Assign"),
    ],
)
def test_every_template_is_checked_at_any_depth(kind: str, field: str) -> None:
    rule = {"Variable": "$.a", "IsNull": True, "Next": "S"}
    more = {"Choices": [rule]} if kind == "Choice" else {}
    found = refusals(single(kind, **more, **{field: {"a": [{"b": {"c.$": "c"}}]}}))
    assert found[0] == said("c.$", NEITHER, f"/States/S/{field}/a[0]/b")


def test_jsonata_knows_no_such_members() -> None:
    assert refusals(single("Task", language="JSONata", Resource=FUNCTION, Arguments={"a.$": "a"})) == []

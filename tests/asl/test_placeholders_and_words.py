"""No value of a pipeline file becomes structure, a Terraform placeholder or an expression."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, nodes

from refit.artifacts import state_machine
from refit.artifacts.definition_checks import PLACEHOLDERS, check
from tests.support.definitions import pipeline, settings_of, states
from tests.support.jsonata import evaluate

ROOT = Path(__file__).parents[2]

HOSTILE = [
    "${bucket}",
    "$${bucket}",
    "$$${x}",
    "%{ if true }x%{ endif }",
    '", "Next": "Deployed',
    "{{ 7 * 7 }} {% raw %}",
    "tab\t\x0b\x00",
    "\\u0024{bucket}",
    "\\",
    "$.run",
    "States.UUID()",
    "🐤{ \U0001f424${ é",
    "{% $states.input %}",
    "{%  two  spaces\u00a0and \u2003 others  %}",
]


def test_a_hostile_value_stays_a_value() -> None:
    hyperparameters = {f"h{number}": value for number, value in enumerate(HOSTILE)}
    one = pipeline(training={"hyperparameters": hyperparameters})
    assert hyperparameters.items() <= settings_of(one, "StartTrainingJob")["hyperparameters"].items()
    assert set(re.findall(r"[$%]\{(\w*)", state_machine.render(one))) <= PLACEHOLDERS
    assert check(state_machine.render(one)) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_value_stays_a_value_in_a_jsonata_state(text: str) -> None:
    one = pipeline(orchestration="direct", training={"hyperparameters": {"h": text}})
    arguments = states(one)["StartTrainingJob"]["Arguments"]
    assert evaluate(arguments["HyperParameters"], {})["h"] == text


def test_terraform_fills_in_the_placeholders_and_nothing_else(tmp_path: Path) -> None:
    hyperparameters = {f"h{number}": value for number, value in enumerate(HOSTILE)}
    one = pipeline(training={"hyperparameters": hyperparameters})
    (tmp_path / "definition.json").write_text(state_machine.render(one), encoding="utf-8")
    known = ", ".join(f'{name} = "<{name}>"' for name in PLACEHOLDERS)
    answer = subprocess.run(
        ["terraform", "console"],
        cwd=tmp_path,
        input=f'base64encode(templatefile("definition.json", {{ {known} }}))',
        capture_output=True,
        text=True,
        check=True,
    )
    filled = json.loads(base64.b64decode(json.loads(answer.stdout)))["States"]
    assert hyperparameters.items() <= filled["StartTrainingJob"]["Parameters"]["settings"]["hyperparameters"].items()
    assert filled["CheckData"]["Parameters"]["settings"]["bucket"] == "<bucket>"
    assert filled["NotifySlack"]["Resource"] == "<notify_slack_arn>"


# AWS refuses these in a hyperparameter, and so does the schema.
LINE_ENDS = "\n\r\x85\u2028\u2029"
TEXT = st.text(st.characters(codec="utf-8", exclude_characters=LINE_ENDS))


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXT | st.sampled_from(HOSTILE) | st.text(alphabet='${}%{"\\{bucket', max_size=20), max_size=5))
def test_no_text_becomes_structure_or_a_placeholder(texts: list[str]) -> None:
    hyperparameters = {f"h{number}": value for number, value in enumerate(texts)}
    one = pipeline(training={"hyperparameters": hyperparameters})
    text = state_machine.render(one)
    found = json.loads(text)["States"]
    assert hyperparameters.items() <= found["StartTrainingJob"]["Parameters"]["settings"]["hyperparameters"].items()
    assert list(found) == list(states(pipeline()))
    assert set(re.findall(r"[$%]\{(\w*)", text)) <= PLACEHOLDERS
    text.encode()


SAFE = ("tojson", "jsonata", "literal")

HARMLESS = {"pipeline.pipeline", "prefix"}


def printed(node: nodes.Node) -> Iterator[nodes.Expr]:
    """The text that a template prints, except in variables and macros."""
    if isinstance(node, nodes.Output):
        yield from (part for part in node.nodes if not isinstance(part, nodes.TemplateData))
    elif not isinstance(node, nodes.Macro | nodes.AssignBlock | nodes.CallBlock):
        for child in node.iter_child_nodes():
            yield from printed(child)


def is_json(expression: nodes.Expr) -> bool:
    match expression:
        case nodes.Filter(name=name):
            return name in SAFE
        case nodes.CondExpr(expr1=one, expr2=other):
            return is_json(one) and (other is None or is_json(other))
        case nodes.Const(value=","):
            return True
        case nodes.Call(node=nodes.Name()):  # a macro of ours
            return True
        case nodes.Getattr(node=nodes.Name(name=owner), attr=attribute):
            return f"{owner}.{attribute}" in HARMLESS
        case nodes.Name(name=name):
            return name in HARMLESS
    return False


@pytest.mark.parametrize("file", sorted((ROOT / "asl").rglob("*.j2")), ids=lambda file: file.name)
def test_every_expression_in_a_template_is_json(file: Path) -> None:
    for expression in printed(Environment().parse(file.read_text())):  # noqa: S701 - nothing is rendered
        assert is_json(expression), f"{file}:{expression.lineno}: {expression}"


def test_placeholders_are_written_in_templates_alone() -> None:
    for file in sorted((ROOT / "asl").rglob("*.j2")):
        assert set(re.findall(r"\$\{(\w+)\}", file.read_text())) <= PLACEHOLDERS

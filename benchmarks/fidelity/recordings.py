"""Finds in a checkout of LocalStack the executions that it recorded on AWS, with the definitions that ran.

A recording (*.snapshot.json) has the history of an execution, and so its input, but not the definition. The test has
it: a template of a *_templates.py file, which a test uses as it is, or which its parameters name. Tests that change
their template are left out, and so are machines with tasks: their functions and queues are made by the tests.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TESTS = Path("tests") / "aws" / "services" / "stepfunctions"
COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
CHANGES = {"replace", "update", "pop", "format", "create_lambda_function", "sqs_create_queue", "sns_create_topic"}


@dataclass(frozen=True)
class Recording:
    """An execution: its test's name, the definition, and the events of its history as AWS gave them."""

    name: str
    definition: str
    events: list[dict[str, Any]]


def find(checkout: Path) -> Iterator[Recording]:
    """The recordings whose definition is known and has no tasks."""
    for snapshots in sorted((checkout / TESTS).rglob("*.snapshot.json")):
        test_file = snapshots.with_name(snapshots.name.replace(".snapshot.json", ".py"))
        if not test_file.exists():
            continue
        tests = _tests(checkout, ast.parse(test_file.read_text()))
        for key, recorded in json.loads(snapshots.read_text()).items():
            history = recorded["recorded-content"].get("get_execution_history", {})
            case = key.rpartition("::")[2]
            template = tests.get(case) or tests.get(case.partition("[")[0])
            events = history.get("events", [])
            # LocalStack replaces the ids of events whose order differs from run to run.
            if template is None or not events or not all(isinstance(event["id"], int) for event in events):
                continue
            definition = template.read_text()
            if '"Task"' not in definition and "States" in (_json5(definition) or {}):
                yield Recording(key.partition("stepfunctions/")[2], json.dumps(_json5(definition)), events)


def _tests(checkout: Path, module: ast.Module) -> dict[str, Path]:
    """`test_name` or `test_name[id]` → the template that it runs unchanged."""
    templates: dict[str, dict[str, Path]] = {}
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.endswith("_templates"):
            found = _templates(checkout / Path(*node.module.split(".")).with_suffix(".py"))
            templates |= {alias.asname or alias.name: found for alias in node.names}
    tests = {}
    for function in (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)):
        if not function.name.startswith("test_") or _changes_its_template(function):
            continue
        used = [path for node in function.body for path in _named(node, templates)]
        if len(used) == 1:
            tests[function.name] = used[0]
        for case, path in _parameters(function, templates):
            tests[f"{function.name}[{case}]"] = path
    return tests


def _changes_its_template(function: ast.FunctionDef) -> bool:
    nodes = [node for statement in function.body for node in ast.walk(statement)]
    calls = [node.func for node in nodes if isinstance(node, ast.Call)]
    names = {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}
    stores = any(isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) for node in nodes)
    return stores or bool(names & CHANGES)


def _parameters(function: ast.FunctionDef, templates: dict[str, dict[str, Path]]) -> Iterator[tuple[str, Path]]:
    """The cases of a test that has one parameter: a list of templates."""
    decorators = [node for node in function.decorator_list if isinstance(node, ast.Call) and len(node.args) == 2]
    for call in decorators if len(decorators) == 1 else ():
        ids = next((ast.literal_eval(each.value) for each in call.keywords if each.arg == "ids"), None)
        values = call.args[1].elts if isinstance(call.args[1], ast.List | ast.Tuple) else []
        for case, value in zip(ids or (), values, strict=False):
            yield from ((case, path) for path in _named(value, templates))


def _named(node: ast.AST, templates: dict[str, dict[str, Path]]) -> Iterator[Path]:
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            path = templates.get(each.value.id, {}).get(each.attr)
            if path and path.exists():
                yield path


def _templates(file: Path) -> dict[str, Path]:
    """The constants of a class of templates: `NAME = os.path.join(_THIS_FOLDER, "statemachines/name.json5")`."""
    if not file.exists():
        return {}
    found = {}
    for node in ast.walk(ast.parse(file.read_text())):
        target = node.target if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [None])[0]
        call = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(call, ast.Call) and call.args:
            last = call.args[-1]
            if isinstance(last, ast.Constant) and isinstance(last.value, str):
                found[target.id] = file.parent / last.value
    return found


def _json5(text: str) -> Any:
    """JSON with comments and trailing commas; None for other forms of JSON5."""
    try:
        return json.loads(TRAILING_COMMA.sub(r"\1", COMMENT.sub(lambda found: found[1] or "", text)))
    except ValueError:
        return None

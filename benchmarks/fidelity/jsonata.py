"""JSONata's own test suite against the evaluator of the state machines.

AWS evaluates JSONata 2.0.6 (https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html); the suite of
a later version also has what that version added. Its format is described in test/test-suite/TESTSUITE.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.fidelity.suite import Case, compared, folder_of
from refit.embedded_cloud.step_functions.evaluation.jsonata_expression import JsonataError, evaluate
from refit.embedded_cloud.step_functions.evaluation.jsonata_values import UnsupportedResultError, from_json
from refit.embedded_cloud.step_functions.evaluation.scope import ABSENT

NAME = "jsonata"
HOW = (
    "the folder test/test-suite of a checkout of JSONata (the folder with groups/ and datasets/): "
    "git clone --branch v2.0.6 https://github.com/jsonata-js/jsonata"
)


def run() -> Iterator[Case]:
    folder = folder_of("JSONATA_SUITE", HOW)
    datasets = {file.stem: json.loads(file.read_text()) for file in (folder / "datasets").glob("*.json")}
    for file in sorted((folder / "groups").rglob("*.json")):
        document = json.loads(file.read_text())
        cases = document if isinstance(document, list) else [document]
        for number, case in enumerate(cases):
            name = f"{file.parent.name}/{file.stem}" + (f"[{number}]" if len(cases) > 1 else "")
            yield _case(name, case, file, datasets)


def _case(name: str, case: dict[str, Any], file: Path, datasets: dict[str, Any]) -> Case:
    source = case["expr"] if "expr" in case else (file.parent / case["expr-file"]).read_text()
    given = case["data"] if "data" in case else datasets.get(case.get("dataset") or "", ABSENT)
    return compared(name, lambda: _difference(case, source, given))


def _difference(case: dict[str, Any], source: str, given: Any) -> str | None:
    if "$eval" in source:
        return _refused(source, given)
    bindings = {key: from_json(value) for key, value in case.get("bindings", {}).items()}
    try:
        found = evaluate(source, bindings, None if given is ABSENT else from_json(given))
    except JsonataError as error:
        code = case.get("code") or case.get("error", {}).get("code")
        if code:
            return None if str(error).startswith(f"{code}:") else f"expected the error {code}, found another: {error}"
        return f"expected {_wanted(case)}, found {error}"
    except UnsupportedResultError:
        return None if "result" not in case else f"expected {_wanted(case)}, found a function"
    if "code" in case or "error" in case:
        return f"expected {case.get('code') or case['error']}, found {_text(found)}"
    wanted = case.get("result", ABSENT)
    if case.get("unordered") and isinstance(found, list) and isinstance(wanted, list):
        found, wanted = sorted(map(_text, found)), sorted(map(_text, wanted))
    return None if _same(found, wanted) else f"expected {_text(wanted)}, found {_text(found)}"


def _refused(source: str, given: Any) -> str | None:
    """AWS does not support $eval.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn
    """
    try:
        found = evaluate(source, {}, None if given is ABSENT else from_json(given))
    except JsonataError:
        return None
    return f"AWS refuses $eval, found {_text(found)}"


def _same(found: Any, wanted: Any) -> bool:
    """Equal as JSON, where `true` is not 1; numbers to 13 digits, because JSONata computes with doubles."""
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return abs(found - wanted) <= 1e-13 * max(abs(found), abs(wanted))
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(_same, found, wanted))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(_same(found[key], wanted[key]) for key in found)
    return bool(found == wanted)


def _wanted(case: dict[str, Any]) -> str:
    return _text(case["result"]) if "result" in case else "nothing"


def _text(value: Any) -> str:
    return "nothing" if value is ABSENT else json.dumps(value, ensure_ascii=False)

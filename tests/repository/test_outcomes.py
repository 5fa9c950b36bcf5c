"""Outcomes, statuses and error names are defined only in refit.domain; all other product code imports them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from refit.domain import errors, outcomes
from refit.domain.errors import StateError
from refit.domain.setting_values import ANY_CHANGE, NEW_DAY
from refit.domain.training_status import TRAINING_STATES
from refit.pipeline.model import Pipeline

ROOT = Path(__file__).parents[2]
DOMAIN = ROOT / "driver" / "refit" / "domain"
# It emulates AWS and uses AWS's names (a training job is also InProgress there), and may not import the domain's.
EMBEDDED_CLOUD = ROOT / "driver" / "refit" / "embedded_cloud"
OUTCOMES = {value for name, value in vars(outcomes).items() if name.isupper() and isinstance(value, str)}
ERRORS = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, StateError) and value is not StateError
}


def product_files() -> list[Path]:
    found = [*(ROOT / "driver").rglob("*.py"), *(ROOT / "lambdas").rglob("*.py")]
    return [file for file in found if not {DOMAIN, EMBEDDED_CLOUD} & set(file.parents)]


def literals(source: str, words: set[str]) -> Iterator[tuple[int, str]]:
    """The lines of string literals that are one of the words, in f-strings and patterns of `match`, too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in words:
            yield node.lineno, node.value


@pytest.mark.parametrize("words", [OUTCOMES, ERRORS], ids=["outcomes", "errors"])
def test_no_word_of_the_domain_is_repeated_as_a_literal(words: set[str]) -> None:
    files = product_files()
    assert len(files) > 200
    assert len(words) > 15
    repeated = [
        f"{file.relative_to(ROOT)}:{line}: {word}"
        for file in files
        for line, word in literals(file.read_text(encoding="utf-8"), words)
    ]
    assert repeated == []


def jsonata_literals(text: str) -> Iterator[str]:
    """The string literals of the JSONata in a template or an expression of asl/."""
    yield from re.findall(r"'([^'\n]*)'", re.sub(r"\{#.*?#\}|/\*.*?\*/", "", text, flags=re.DOTALL))


def test_no_jsonata_repeats_a_word_of_the_domain() -> None:
    files = [file for file in (ROOT / "asl").rglob("*") if file.suffix in (".j2", ".jsonata")]
    words = (OUTCOMES | ERRORS) - TRAINING_STATES.keys()  # InProgress is SageMaker's, too
    found = {file: set(jsonata_literals(file.read_text(encoding="utf-8"))) for file in files}
    assert set().union(*found.values()) >= {"state", "reason", "InService"}
    assert {file.name: literals & words for file, literals in found.items() if literals & words} == {}


@pytest.mark.parametrize(
    "source", ['x = "Deployed"', 'x == {"a": ["Deployed"]}', 'x = f"{y}" "Deployed"', 'match x:\n case "Deployed": 1']
)
def test_a_literal_is_found_wherever_it_is(source: str) -> None:
    assert [word for _, word in literals(source, OUTCOMES)] == ["Deployed"]


def test_the_pipeline_file_offers_the_values_that_checkdata_compares_with() -> None:
    assert get_args(Pipeline.model_fields["retrain_on"].annotation) == (NEW_DAY, ANY_CHANGE)

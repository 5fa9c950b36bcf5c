"""The files in asl/expressions: each is valid JSONata, is used, and can be joined to one line without changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from refit.artifacts import state_machine
from refit.artifacts.expressions import COMMENT, CONSTANT
from refit.embedded_cloud.step_functions.evaluation import jsonata_expression

TEMPLATES = state_machine.TEMPLATES
FILES = sorted((TEMPLATES / "expressions").glob("*.jsonata"))
every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@every_file
def test_an_expression_is_valid_before_its_constants_are_filled_in(file: Path) -> None:
    jsonata_expression.parse(file.read_text())


@every_file
def test_an_expression_says_at_its_top_what_it_is(file: Path) -> None:
    assert file.read_text().startswith("/*")


@every_file
def test_an_expression_is_used(file: Path) -> None:
    printed = f'expression("{file.stem}"'
    texts = [other.read_text() for other in (*TEMPLATES.rglob("*.j2"), *FILES) if other != file]
    assert any(
        re.search(rf"{re.escape(printed)}|expression\(\s+\"{file.stem}\"", text)
        or file.stem.upper() in CONSTANT.findall(text)
        for text in texts
    )


@every_file
def test_no_text_in_an_expression_would_lose_spaces(file: Path) -> None:
    """Lines are joined by one space; inside a string that would change it."""
    for line in COMMENT.sub("", file.read_text()).splitlines():
        assert line.count("'") % 2 == 0, f"{file.name}: a string that spans lines or contains an apostrophe: {line}"
        assert "  " not in line.strip()


def test_templates_have_no_long_jsonata() -> None:
    """An expression that does not fit on a line must be in a file, so that tests can evaluate it."""
    for file in sorted(TEMPLATES.rglob("*.j2")):
        for found in re.finditer(r'"([^"\n]*\$[^"\n]*)"\s*\|\s*jsonata', file.read_text()):
            assert len(found[1]) < 120, f"{file.name}: {found[1]}"

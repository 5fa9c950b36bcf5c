"""The plan on a terminal: a table, and paragraphs that wrap at words and are indented."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from refit.plan.planner import plan
from refit.report.plan import page
from tests.support.checkout import Checkout


@pytest.fixture
def changed(tmp_path: Path) -> Checkout:
    checkout = Checkout(tmp_path)
    for key in ("prod/prices", "prod/churn", "prod/fraud"):
        checkout.pipeline(key)
    checkout.base = checkout.commit()
    checkout.pipeline("prod/prices", "window = { days = 300 }")
    checkout.pipeline("prod/fraud", "window = { days = 0 }")
    (checkout.root / "terraform" / "pipelines" / "prod" / "churn.tfvars").unlink()
    return checkout


def shown(checkout: Checkout, width: int) -> list[str]:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(page(plan(checkout.project, checkout.base, live=False)))
    return [line.rstrip() for line in capture.get().splitlines()]


def test_the_table_has_a_row_for_each_pipeline(changed: Checkout) -> None:
    lines = shown(changed, 120)
    assert lines[0] == "3 pipelines change: 1 retrained, 2 left as they are."
    (row,) = [line for line in lines if line.startswith("prod/prices  ")]
    assert "retrain on " in row
    assert "$" in row
    assert any(line.startswith("prod/fraud") and "the file is invalid" in line for line in lines)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_further_lines_are_indented_and_no_word_is_cut(changed: Checkout, width: int) -> None:
    lines = shown(changed, width)
    assert max(map(len, lines)) <= width
    start = next(place for place, line in enumerate(lines) if line.startswith("  - terraform/pipelines/prod/fraud"))
    end = next(place for place in range(start + 1, len(lines)) if not lines[place].startswith("    "))
    paragraph = " ".join(line[4:] for line in lines[start:end])
    assert "window.days must be between 1 and 3653, got 0; write days = 1" in paragraph


def test_a_change_of_a_field_is_a_line(changed: Checkout) -> None:
    assert any(
        line.startswith("  - window.days: ") and line.endswith("→ 300 (retrain)") for line in shown(changed, 120)
    )

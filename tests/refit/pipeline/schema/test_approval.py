"""The approval section: the limits of its timeout."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checkout import MINIMAL, load, problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("approval = { timeout_minutes = 0 }", "approval.timeout_minutes must be between 1 and 10080, which is a week"),
        ("approval = { timeout_minutes = 10081 }", "which is a week, got 10081; write timeout_minutes = 10080"),
    ],
)
def test_a_timeout_that_no_run_could_have_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in problem(tmp_path, f"{text}\n")


def test_an_empty_section_has_its_default(tmp_path: Path) -> None:
    found = load(tmp_path, f"{MINIMAL}approval = {{}}\n")
    assert found.approval is not None
    assert found.approval.timeout_minutes == 1_440

"""The arrival section: how long a run waits for more data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checkout import MINIMAL, load, problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arrival = { quiet_minutes = 0 }", "must be between 1 and 1440, which is one day, got 0"),
        ("arrival = { max_wait_minutes = 1441 }", "must be between quiet_minutes and 1440, which is one day, got 1441"),
        (
            "arrival = { quiet_minutes = 30, max_wait_minutes = 20 }",
            "52: out-of-range arrival.max_wait_minutes must be at least quiet_minutes (30), got 20; "
            "write max_wait_minutes = 30",
        ),
        (
            "arrival = { quiet_minutes = 240 }",
            "11: out-of-range arrival.max_wait_minutes must be at least quiet_minutes (240), got 120; "
            "write max_wait_minutes = 240",
        ),
    ],
)
def test_times_that_no_run_could_wait_are_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in problem(tmp_path, f"{text}\n")


def test_an_empty_section_has_its_defaults(tmp_path: Path) -> None:
    found = load(tmp_path, f"{MINIMAL}arrival = {{}}\n")
    assert found.arrival is not None
    assert (found.arrival.quiet_minutes, found.arrival.max_wait_minutes) == (15, 120)

"""The sentences about a rollback, and how long it lasts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refit.domain.run_document import Hold
from refit.report.rollback import lines
from refit.runs.rollback_target import SERVES, RollbackResult

MINE = "prices-20261121-0a1b2c3d"


DONE = RollbackResult("prod/prices", MINE, "daily-1", "started", "rollback-1", "Deployed", 41.3)


HELD = Hold(by="ada", since="2026-11-22T06:00:00Z", reason="flats")


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (
            DONE,
            [
                f"prod/prices: {MINE} serves again; rollback-1 put it back in 41 s",
                "The schedule leaves it until newer data arrives; to keep it whatever arrives: "
                "refit rollback prod/prices --to daily-1 --hold",
            ],
        ),
        (
            replace(DONE, how=SERVES, hold=HELD),
            [
                f"prod/prices: {MINE} serves already, and nothing was changed",
                "held by ada since 2026-11-22T06:00:00Z: flats; no run replaces it before: refit release prod/prices",
            ],
        ),
        (
            replace(DONE, outcome="Running", any_change=True),
            [
                f"prod/prices: rollback-1 started and puts {MINE} back; follow it: refit logs prod/prices rollback-1",
                "The schedule leaves it until newer, late or corrected data arrives; to keep it whatever arrives: "
                "refit rollback prod/prices --to daily-1 --hold",
            ],
        ),
    ],
)
def test_it_is_said_how_long_a_rollback_lasts(done: RollbackResult, expected: list[str]) -> None:
    assert list(lines(done)) == expected

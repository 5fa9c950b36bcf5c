"""The messages about a rollback, and how long it lasts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refit.domain.run_document import Hold
from refit.report.rollback import lines
from refit.runs.rollback_target import IS_LIVE, RollbackResult

MINE = "prices-20261121-0a1b2c3d"


DONE = RollbackResult("prod/prices", MINE, "daily-1", "started", "rollback-1", "Deployed", 41.3)


HELD = Hold(by="ada", since="2026-11-22T06:00:00Z", reason="flats")


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (
            DONE,
            [
                f"prod/prices: {MINE} is live again; rollback-1 restored it in 41 s",
                "A scheduled run replaces it when newer data arrives; to prevent that: "
                "refit rollback prod/prices --to daily-1 --hold",
            ],
        ),
        (
            replace(DONE, how=IS_LIVE, hold=HELD),
            [
                f"prod/prices: {MINE} is already live; nothing was changed",
                "held by ada since 2026-11-22T06:00:00Z: flats; "
                "no run will replace the model until you run: refit release prod/prices",
            ],
        ),
        (
            replace(DONE, outcome="Running", any_change=True),
            [
                f"prod/prices: rollback-1 (started) is restoring {MINE}; follow it: refit logs prod/prices rollback-1",
                "A scheduled run replaces it when newer, late or corrected data arrives; to prevent that: "
                "refit rollback prod/prices --to daily-1 --hold",
            ],
        ),
    ],
)
def test_the_result_says_what_may_replace_the_restored_model(done: RollbackResult, expected: list[str]) -> None:
    assert list(lines(done)) == expected

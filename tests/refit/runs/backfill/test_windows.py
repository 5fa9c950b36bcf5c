"""The windows of a backfill, and the remaining work for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from refit.errors import RefitError
from refit.runs.backfill import windows
from refit.runs.backfill.windows import BackfillRequest, WindowState
from refit.runs.record import Record
from tests.support.backfills import (
    asked,
    november,
)
from tests.support.checkout import MINIMAL, load


def test_windows_end_on_the_requested_days(tmp_path: Path) -> None:
    found = windows.windows(load(tmp_path, MINIMAL), asked(8, 22, 7))
    assert [str(window) for window in found] == [
        "2026-11-02 to 2026-11-08",
        "2026-11-09 to 2026-11-15",
        "2026-11-16 to 2026-11-22",
    ]


def test_the_last_window_ends_before_the_bound_when_no_step_meets_it(tmp_path: Path) -> None:
    assert [window.last for window in windows.windows(load(tmp_path, MINIMAL), asked(8, 21, 7))] == [
        november(8),
        november(15),
    ]


@pytest.mark.parametrize(
    ("more", "wanted", "message", "hint"),
    [
        ('window = { start = "2026-11-01", end = "2026-11-03" }', asked(1, 2), "does not slide", "{ days = 3 }"),
        ("", asked(2, 1), "--from 2026-11-02 comes after", "write --from 2026-11-01 --to 2026-11-02"),
        ("", BackfillRequest(date(2025, 1, 1), date(2026, 1, 2)), "367 windows are more than 366", "write --step 2"),
        ("", BackfillRequest(date(1, 1, 2), date(1, 1, 3)), "outside of the calendar", "correct the dates"),
    ],
)
def test_an_invalid_request_is_rejected_with_a_hint(
    tmp_path: Path, more: str, wanted: BackfillRequest, message: str, hint: str
) -> None:
    with pytest.raises(RefitError, match=message) as refused:
        windows.windows(load(tmp_path, MINIMAL + more), wanted)
    assert hint in str(refused.value.hint)


def test_the_most_windows_are_not_too_many(tmp_path: Path) -> None:
    year = BackfillRequest(date(2025, 1, 1), date(2026, 1, 1))
    assert len(windows.windows(load(tmp_path, MINIMAL), year)) == 366


@pytest.mark.parametrize(
    ("ended", "enough", "changed", "again", "todo"),
    [
        (None, True, False, False, WindowState.TRAIN),
        (None, False, False, False, WindowState.NO_DATA),
        ("Running", False, False, True, WindowState.FOLLOW),
        ("Trained", True, True, False, WindowState.DONE),
        ("Trained", True, True, True, WindowState.TRAIN),
        ("Trained", False, True, True, WindowState.DONE),
        ("Deployed", True, False, True, WindowState.DONE),
        ("AlreadyRunning", True, False, False, WindowState.TRAIN),
        ("NoNewData", True, False, False, WindowState.TRAIN),
        ("NoNewData", False, False, False, WindowState.NO_DATA),
        ("Held", True, False, False, WindowState.FAILED),
        ("Held", True, False, True, WindowState.TRAIN),
        ("Aborted", True, False, False, WindowState.FAILED),
        ("JobFailed", False, False, True, WindowState.NO_DATA),
        ("Unreadable", True, False, False, WindowState.FAILED),
    ],
)
def test_the_state_of_a_window_follows_from_its_record(
    ended: str | None, enough: bool, changed: bool, again: bool, todo: WindowState
) -> None:
    record = Record("r", "", ended, "", datetime(2026, 11, 1, tzinfo=UTC)) if ended else None
    assert windows.state_of(record, enough=enough, changed=changed, again=again) is todo


def test_a_run_that_trained_is_preferred_to_a_later_one_that_did_nothing() -> None:
    trained = Record("r", "", "Trained", "", datetime(2026, 11, 1, tzinfo=UTC))
    idle = replace(trained, ended="AlreadyRunning", started_at=datetime(2026, 11, 2, tzinfo=UTC))
    assert windows.newest([trained, idle]) is trained
    assert windows.newest([idle]) is idle

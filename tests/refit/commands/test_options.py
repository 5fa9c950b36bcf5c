"""Times, days and windows in options: strict, never a guess."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from refit.commands.event import event
from refit.commands.options import parse_commit, parse_day, parse_time, parse_window
from refit.errors import RefitError
from tests.support.command_line import refit


@pytest.mark.parametrize(
    "text",
    ["2026-11-22", "2026-11-22T06:00:00", "yesterday", "", "9999-12-31T23:00:00-05:00", "0001-01-01T00:00:00+05:00"],
)
def test_an_instant_needs_its_zone(text: str) -> None:
    with pytest.raises(RefitError, match="not a time with a time zone"):
        parse_time(text)


def test_a_time_is_rejected_with_the_name_of_its_option() -> None:
    result = refit("plan", "--base", "HEAD", "--at", "tomorrow")
    assert result.stderr.splitlines()[0] == "--at tomorrow is not a time with a time zone"


def test_an_instant_may_name_any_zone() -> None:
    assert parse_time("2026-11-22T06:00:00+02:00") == datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.mark.parametrize("text", ["zzz", "main", "0a1b2c", "0A1B2C3D", "0" * 65])
def test_a_commit_is_named_by_its_hash(text: str) -> None:
    with pytest.raises(RefitError, match=f"--commit {text} is not the hash of a commit"):
        event(commit=text)


@pytest.mark.parametrize("text", ["0a1b2c3", "0" * 40, "0" * 64])
def test_a_hash_may_be_abbreviated(text: str) -> None:
    assert parse_commit(text) == text


@pytest.mark.parametrize("text", ["2026-02-29", "20261122", "2026-W47-7", "22.11.2026", "2026-11-22 ", ""])
def test_a_day_is_a_real_date_written_strictly(text: str) -> None:
    with pytest.raises(RefitError, match="is not a date"):
        parse_day(text, "--day")


def test_a_window_includes_both_its_days() -> None:
    assert parse_window("2026-11-16..2026-11-22") == (date(2026, 11, 16), date(2026, 11, 22))
    assert parse_window("2026-11-16..2026-11-16") == (date(2026, 11, 16), date(2026, 11, 16))


@pytest.mark.parametrize(
    "text", ["2026-11-16", "2026-11-22..2026-11-16", "2026-11-16..", "..", "2026-11-16..soon", "9999-12-31..9999-12-31"]
)
def test_a_window_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(RefitError):
        parse_window(text)

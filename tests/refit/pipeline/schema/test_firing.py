"""Whether a schedule starts a run again, and what is proposed when it does not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from refit.errors import InvalidPipeline
from refit.pipeline import files
from refit.pipeline.schema.firing import repaired, starts_after
from refit.plan.changes import compare
from tests.support.checkout import MINIMAL, Checkout, problem, write

NOW = datetime(2026, 11, 22, 12, 30)  # a Sunday


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 day)",
        "at(2026-11-22T12:30:01)",
        "cron(0 6 * * ? *)",
        "cron(0 6 * * ? 2020,2027)",
        "cron(31 12 22 11 ? 2026)",
        "cron(0 13 22 11 ? 2026)",
        "cron(0 0 ? 11 MON 2026)",
        "cron(0 13 ? 11 SUN 2026)",
        "cron(0 0 ? 11 MONL 2026)",
        "cron(0 0 ? 11 2#5 2026)",
        "cron(0 0 L 11 ? 2026)",
        "cron(0 0 LW 11 ? 2026)",
        "cron(0 0 ? 11 L 2026)",
        "cron(0 0 29 2 ? *)",
        "cron(0 0 31 * ? *)",
        "cron(0 0 1W 8 ? 2027)",
        "cron(0 0 ? DEC FRI-MON 2026)",
        "cron(0 0/6 1/7 NOV-JAN ? 2026-2027)",
    ],
)
def test_a_schedule_with_a_time_to_come_starts_a_run(expression: str) -> None:
    assert starts_after(expression, NOW)


@pytest.mark.parametrize(
    ("expression", "instead"),
    [
        ("at(2020-01-01T06:00:00)", "at(2026-11-23T06:00:00)"),
        ("at(2026-11-22T12:30:00)", "at(2026-11-23T12:30:00)"),
        ("cron(0 6 * * ? 2020)", "cron(0 6 * * ? *)"),
        ("cron(0 6 * * ? 2018-2025)", "cron(0 6 * * ? *)"),
        ("cron(0 0/6 ? OCT 2#1 2026)", "cron(0 0/6 ? OCT 2#1 *)"),
        ("cron(30 12 22 11 ? 2026)", "cron(30 12 22 11 ? *)"),
        ("cron(0 0 ? 11 2#3 2026)", "cron(0 0 ? 11 2#3 *)"),
        ("cron(0 0 29 2 ? 2027)", "cron(0 0 29 2 ? *)"),
        ("cron(0 0 30 2 ? *)", None),
        ("cron(0 0 31 4,6,9,11 ? *)", None),
        ("cron(0 0 31W 4 ? *)", None),
    ],
)
def test_a_schedule_without_one_has_a_cure_of_its_own(expression: str, instead: str | None) -> None:
    assert not starts_after(expression, NOW)
    assert repaired(expression, NOW) == instead


def test_a_schedule_that_is_over_is_refused_at_its_place(tmp_path: Path) -> None:
    assert problem(tmp_path, 'schedule = { expression = "cron(0 6 * * ? 2020)" }\n') == (
        "27: schedule-over schedule.expression cron(0 6 * * ? 2020) starts no run after 2026-11-22T12:00:00 UTC; "
        'write expression = "cron(0 6 * * ? *)", or enabled = false'
    )
    assert problem(tmp_path, 'schedule = { expression = "cron(0 6 30 2 ? *)" }\n').endswith(
        "UTC; write enabled = false"
    )


def test_a_schedule_that_is_off_may_be_over(tmp_path: Path) -> None:
    text = 'schedule = { expression = "at(2020-01-01T06:00:00)", enabled = false }\n'
    assert not files.load(write(tmp_path, MINIMAL + text), NOW.replace(tzinfo=UTC)).schedule.enabled


def test_the_past_is_that_of_the_schedules_time_zone(tmp_path: Path) -> None:
    text = 'schedule = { expression = "at(2026-11-22T12:45:00)", timezone = "%s" }\n'
    now = NOW.replace(tzinfo=UTC)
    assert files.load(write(tmp_path, MINIMAL + text % "America/New_York"), now).schedule.enabled
    with pytest.raises(InvalidPipeline, match="starts no run after 2026-11-23T01:30:00 Pacific/Auckland"):
        files.load(write(tmp_path, MINIMAL + text % "Pacific/Auckland"), now)


def test_the_past_of_a_commit_is_that_of_its_date(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    checkout.pipeline("prod/alpha", 'schedule = { expression = "at(2026-11-22T12:00:00)" }')
    sha = checkout.commit()
    for hour, problems in ((11, 0), (12, 1)):
        (change,) = compare(checkout.project, checkout.base, sha, now=datetime(2026, 11, 22, hour, tzinfo=UTC)).changes
        assert len(change.problems) == problems

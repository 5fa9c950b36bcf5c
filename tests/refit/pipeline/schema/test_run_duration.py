"""The longest run, and the limits of polling and retention that follow from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refit.artifacts import state_machine
from refit.pipeline import files as pipeline
from refit.pipeline.schema.run_duration import least_poll_interval_seconds, longest_run_seconds
from tests.support.checkout import MINIMAL, load, problems, write


def limits(max_runtime_minutes: int, timeout_minutes: int, approval_minutes: int = 0) -> str:
    """The limits of a polling run, on four lines; the last is empty without an approval."""
    approval = f"approval = {{ timeout_minutes = {approval_minutes} }}" if approval_minutes else ""
    return (
        'orchestration = "polling"\n'
        f"training = {{ max_runtime_minutes = {max_runtime_minutes} }}\n"
        f"endpoint = {{ timeout_minutes = {timeout_minutes} }}\n"
        f"{approval}\n"
    )


@pytest.mark.parametrize(
    ("longest", "minutes", "least"),
    [
        ((60, 60), 305, 8),
        ((10, 2), 81, 2),
        ((40_320, 1_440), 42_065, 1_010),
        ((60, 60, 10_080), 305, 8),  # a run does not poll while it waits for an approval
    ],
)
def test_polls_that_would_use_up_the_history_of_a_run_are_refused(
    tmp_path: Path, longest: tuple[int, ...], minutes: int, least: int
) -> None:
    text = MINIMAL + limits(*longest)
    assert problems(tmp_path, f"{text}poll_interval_seconds = {least - 1}\n") == [
        f"7:25: polls-too-often poll_interval_seconds must be at least {least} for {minutes} minutes of polling, "
        f"got {least - 1}; write poll_interval_seconds = {least}"
    ]
    assert load(tmp_path, f"{text}poll_interval_seconds = {least}\n").poll_interval_seconds == least


@pytest.mark.parametrize("longest", [(60, 60), (1, 1), (500, 119), (9, 121), (1, 1_440), (60, 60, 1), (60, 60, 10_080)])
@pytest.mark.parametrize("orchestration", ["direct", "polling"])
def test_the_longest_run_is_the_one_that_the_state_machine_allows(
    tmp_path: Path, longest: tuple[int, ...], orchestration: str
) -> None:
    found = load(tmp_path, MINIMAL + limits(*longest).replace("polling", orchestration))
    definition = json.loads(state_machine.render(found))
    assert definition["TimeoutSeconds"] == longest_run_seconds(*longest)


def test_the_polls_of_the_longest_run_leave_room_in_its_history(tmp_path: Path) -> None:
    events_of_a_poll = 9  # the Wait's two, the Task's five, the Choice's two
    events_of_busy_endpoints = 2 * 735  # tests/asl/test_definition.py counts them
    for found in (load(tmp_path, MINIMAL + limits(60, timeout)) for timeout in (1, 60, 1_440)):
        longest = longest_run_seconds(found.training.max_runtime_minutes, found.endpoint.timeout_minutes)
        polls = longest / least_poll_interval_seconds(longest)
        assert polls * events_of_a_poll + events_of_busy_endpoints < 25_000 - 1_000


@pytest.mark.parametrize(
    ("longest", "minutes", "least"),
    [
        ((60, 60), 305, 2),
        ((1_440, 60), 1_685, 3),
        ((40_320, 1_440), 42_065, 31),
        ((60, 60, 10_080), 10_385, 9),
    ],
)
def test_files_that_a_run_may_still_use_are_not_deleted(
    tmp_path: Path, longest: tuple[int, ...], minutes: int, least: int
) -> None:
    text = f"{MINIMAL}{limits(*longest)}poll_interval_seconds = 3600\n"
    assert problems(tmp_path, f"{text}retention = {{ model_days = 365, run_days = {least - 1} }}\n") == [
        f"8:44: out-of-range retention.run_days must be at least {least} for runs of up to {minutes} minutes, "
        f"got {least - 1}; write run_days = {least}"
    ]
    retention = load(tmp_path, f"{text}retention = {{ model_days = 365, run_days = {least} }}\n").retention
    assert retention is not None
    assert retention.run_days == least


def test_who_does_not_poll_needs_no_interval(tmp_path: Path) -> None:
    assert load(tmp_path, f"{MINIMAL}poll_interval_seconds = 1\n").orchestration == "direct"


def test_the_embedded_cloud_may_be_polled_every_second(tmp_path: Path) -> None:
    ref = write(tmp_path, f"{MINIMAL}{limits(60, 60)}poll_interval_seconds = 1\n", environment="local")
    assert pipeline.load(ref).poll_interval_seconds == 1

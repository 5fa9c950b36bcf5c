"""The statuses of a training job, and the transitions between them."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.sagemaker import training_statuses
from refit.embedded_cloud.sagemaker.resources import TrainingJob


def job(*statuses: str) -> TrainingJob:
    """A job that has passed through these statuses, one a second."""
    made = TrainingJob(account="0", region="us-west-2", name="homes", created=0, modified=0, request={})
    for second, status in enumerate(statuses):
        assert training_statuses.enter(made, status, second)
    return made


@pytest.mark.parametrize(
    ("statuses", "primary", "is_final"),
    [
        (("Starting",), "InProgress", False),
        (("Starting", "Downloading", "Training"), "InProgress", False),
        (("Starting", "Stopping"), "Stopping", False),
        (("Starting", "Stopping", "Stopped"), "Stopped", True),
        (("Starting", "Downloading", "MaxRuntimeExceeded"), "Stopped", True),
        (("Starting", "Failed"), "Failed", True),
        (("Starting", "Downloading", "Training", "Uploading", "Completed"), "Completed", True),
    ],
)
def test_each_secondary_status_belongs_to_a_status_of_the_job(
    statuses: tuple[str, ...], primary: str, is_final: bool
) -> None:
    assert training_statuses.primary(job(*statuses)) == primary
    assert training_statuses.is_final(job(*statuses)) is is_final


@pytest.mark.parametrize("late", ["Training", "Failed", "Completed", "MaxRuntimeExceeded"])
def test_a_job_that_is_stopping_can_only_be_stopped(late: str) -> None:
    stopping = job("Starting", "Downloading", "Stopping")
    assert not training_statuses.enter(stopping, late, 3)
    assert stopping.secondary == "Stopping"
    assert training_statuses.enter(stopping, "Stopped", 3)


def test_a_transition_ends_when_the_next_begins_and_the_last_at_once() -> None:
    ended = job("Starting", "Downloading", "Failed")
    times = [(transition["StartTime"], transition["EndTime"]) for transition in ended.transitions]
    assert times == [(0, 1), (1, 2), (2, 2)]


def test_the_billed_time_counts_from_the_download_in_whole_seconds_at_least_one() -> None:
    assert training_statuses.training_seconds(job("Starting", "Failed")) == 0
    assert training_statuses.training_seconds(job("Starting", "Downloading", "Training", "Failed")) == 2
    short = job("Starting", "Downloading")
    training_statuses.enter(short, "Failed", 1.25)
    assert training_statuses.training_seconds(short) == 1

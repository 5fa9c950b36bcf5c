"""What a task makes of a training job that was stopped is not documented; this cloud was told to let it succeed."""

from __future__ import annotations

import json

import pytest

from refit.embedded_cloud import faults
from tests.support.embedded_cloud.state_machine_rights import DATA_RIGHTS, TRAIN, fill, job, job_rights, task


@pytest.fixture(scope="module")
def cloud_settings():
    return {"REFIT_LOCAL_STOPPED_JOBS": "succeed"}


@pytest.fixture(scope="module")
def ended_with(client, cloud, machine, outcome, role):
    """Runs a task whose job meets a fault, and returns the execution's description."""
    fill(client("s3"))
    trainer = role("sagemaker", *DATA_RIGHTS)
    able = role("states", *job_rights(trainer))

    def run(fault):
        faults.set(cloud, {"training": fault})
        return outcome(machine(task(TRAIN, job(trainer)), able))

    return run


def test_a_stopped_job_succeeds_with_its_description(ended_with):
    assert json.loads(ended_with("stop")["output"])["TrainingJobStatus"] == "Stopped"


def test_a_failed_job_fails_all_the_same(ended_with):
    assert ended_with("fail")["error"] == "States.TaskFailed"

"""What has long ended is forgotten, what is in use never."""

from __future__ import annotations

import pytest
from ministack.services import cloudwatch
from ministack.services import cloudwatch_logs as logs

from refit.embedded_cloud import settings
from refit.embedded_cloud.sagemaker import store as sagemaker
from refit.embedded_cloud.sagemaker.resources import EndpointConfig, Model, ProcessingJob, TrainingJob
from refit.embedded_cloud.saved_state import retention
from refit.embedded_cloud.slack import channels
from refit.embedded_cloud.step_functions import store as states
from tests.support.embedded_cloud.saved_runs import (
    ACCOUNT,
    DAY,
    REGION,
    add_data_points,
    add_execution,
    add_job,
    add_log_stream,
    add_messages,
    add_processing_job,
)

NOW = 1_800_000_000.0

pytestmark = pytest.mark.usefixtures("stores")


def executions() -> list[str]:
    return sorted(each.record.name for each in states.executions.values())


def jobs() -> list[str]:
    return sorted(job.name for job in sagemaker.of_kind(TrainingJob))


def test_an_execution_is_kept_for_90_days_after_its_end() -> None:
    add_execution("kept", NOW - 89 * DAY)
    add_execution("forgotten", NOW - 91 * DAY)
    add_execution("running", None)
    retention.forget(NOW)
    assert executions() == ["kept", "running"]


def test_of_each_state_machine_the_newest_executions_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.KEEP_RUNS, "2")
    for number in range(4):
        add_execution(f"home-{number}", NOW - number, machine="homes")
        add_execution(f"car-{number}", NOW - number, machine="cars")
    add_execution("running", None, machine="homes")
    retention.forget(NOW)
    assert executions() == ["car-0", "car-1", "home-0", "home-1", "running"]


def test_a_job_is_kept_as_long_as_a_model_uses_its_artifact() -> None:
    used, unused = (add_job(name, NOW - 91 * DAY) for name in ("used", "unused"))
    add_job("running", None)
    add_job("recent", NOW)
    made = {"account": ACCOUNT, "region": REGION, "created": 0.0, "modified": 0.0}
    request = {"PrimaryContainer": {"Image": "1.dkr.ecr/linear-learner:1", "ModelDataUrl": used.artifacts}}
    sagemaker.add(Model(name="m", request=request, **made))
    sagemaker.add(EndpointConfig(name="c", request={}, **made))
    assert unused.artifacts != used.artifacts
    retention.forget(NOW)
    assert jobs() == ["recent", "running", "used"]
    assert [record.name for kind in (Model, EndpointConfig) for record in sagemaker.of_kind(kind)] == ["m", "c"]


def test_the_newest_jobs_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.KEEP_RUNS, "1")
    for number in range(3):
        add_job(f"job-{number}", NOW - number)
    retention.forget(NOW)
    assert jobs() == ["job-0"]


def test_processing_jobs_are_kept_like_training_jobs_and_counted_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.KEEP_RUNS, "2")
    for number in range(3):
        add_job(f"job-{number}", NOW - number)
        add_processing_job(f"check-{number}", NOW - number)
    add_processing_job("running", None)
    add_processing_job("old", NOW - 91 * DAY)
    retention.forget(NOW)
    assert jobs() == ["job-0", "job-1"]
    assert sorted(job.name for job in sagemaker.of_kind(ProcessingJob)) == ["check-0", "check-1", "running"]


def test_log_streams_are_kept_as_long_as_executions_and_at_most_ten_for_each_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(settings.KEEP_RUNS, "1")
    for number in range(12):
        add_log_stream("check-data", f"stream-{number:02}", NOW - number)
    add_log_stream("clean-up", "old", NOW - 91 * DAY)
    retention.forget(NOW)
    groups = {place[2]: sorted(group["streams"]) for place, group in logs._log_groups._data.items()}
    assert groups == {"check-data": [f"stream-{number:02}" for number in range(10)], "clean-up": []}


def test_log_streams_are_forgotten_after_the_retention_of_their_group() -> None:
    add_log_stream("check-data", "old", NOW - 8 * DAY)
    add_log_stream("check-data", "new", NOW - 6 * DAY)
    logs._log_groups._data[ACCOUNT, REGION, "check-data"]["retentionInDays"] = 7
    retention.forget(NOW)
    assert list(logs._log_groups._data[ACCOUNT, REGION, "check-data"]["streams"]) == ["new"]


def test_data_points_are_forgotten_in_whole_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.KEEP_RUNS, "20")
    add_data_points("Duration", 350, NOW)
    add_data_points("Errors", 150, NOW - 91 * DAY)
    retention.forget(NOW)
    found = {key[2][1]: [point["Value"] for point in points] for key, points in cloudwatch._metrics._data.items()}
    assert found == {"Duration": list(range(100, 350)), "Errors": list(range(100, 150))}


def test_messages_are_kept_as_long_as_executions_and_at_most_ten_for_each_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.KEEP_RUNS, "1")
    add_messages(12)
    retention.forget()
    assert [message["text"] for message in channels.shown()] == [f"message {number}" for number in range(2, 12)]

"""A run that takes over the lease stops the training jobs that earlier runs left running."""

from __future__ import annotations

from typing import Any

import pytest

from lambdas.aws import clients
from lambdas.check_data import handler
from tests.support.lambdas.fakes import NOW, Fault, SageMaker
from tests.support.lambdas.stage import Context, Pipeline

DAY = 24 * 3600


def job(sagemaker: SageMaker, name: str, status: str = "InProgress", days: int = 1) -> str:
    """A training job that was created some days ago."""
    sagemaker.CreateTrainingJob(TrainingJobName=name)
    sagemaker.jobs[name] |= {"TrainingJobStatus": status, "CreationTime": NOW.timestamp() - days * DAY}
    return name


def check(pipeline: Pipeline, context: Context, **detail: Any) -> Any:
    return handler(pipeline.event(pipeline.execution(), **detail), context)


def test_jobs_of_earlier_runs_are_stopped_and_recorded(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context
) -> None:
    left = job(sagemaker, f"{pipeline.name}-20261121-0a1b2c3d")
    others = [
        job(sagemaker, f"{pipeline.name}-20261120-0a1b2c3d", "Completed"),
        job(sagemaker, f"{pipeline.name}-2-20261121-0a1b2c3d"),
        job(sagemaker, f"{pipeline.name}-by-hand"),
        job(sagemaker, f"my-{pipeline.name}-20261121-0a1b2c3d"),
        job(sagemaker, f"{pipeline.name}-20261001-0a1b2c3d", days=30),
    ]
    before = [sagemaker.jobs[name]["TrainingJobStatus"] for name in others]
    pipeline.put("2026-11-22")

    run = check(pipeline, context)

    assert (run["outcome"], run["stopped_jobs"]) == ("NewData", [left])
    assert sagemaker.jobs[left]["TrainingJobStatus"] == "Stopping"
    assert [sagemaker.jobs[name]["TrainingJobStatus"] for name in others] == before


def test_a_run_without_such_jobs_stops_nothing(pipeline: Pipeline, sagemaker: SageMaker, context: Context) -> None:
    assert "stopped_jobs" not in check(pipeline, context)
    assert sagemaker.called("StopTrainingJob") == []


def test_a_run_that_finds_another_one_working_leaves_its_job_alone(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context
) -> None:
    handler(pipeline.event(pipeline.execution()), context)
    job(sagemaker, f"{pipeline.name}-20261122-0a1b2c3d")
    run = check(pipeline, context)
    assert run["outcome"] == "AlreadyRunning"
    assert sagemaker.called("StopTrainingJob") == []


def test_a_job_that_ends_in_the_meantime_is_no_error(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context
) -> None:
    job(sagemaker, f"{pipeline.name}-20261121-0a1b2c3d")
    ended = "The request was rejected because the training job is in status Completed."
    Fault(clients.sagemaker(), "StopTrainingJob", "ValidationException", message=ended)
    assert "stopped_jobs" not in check(pipeline, context)


@pytest.mark.parametrize("detail", [{"redeploy": True}, {"train_only": True}])
def test_every_kind_of_run_stops_them(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context, detail: dict[str, bool]
) -> None:
    left = job(sagemaker, f"{pipeline.name}-20261121-0a1b2c3d")
    assert check(pipeline, context, **detail)["stopped_jobs"] == [left]

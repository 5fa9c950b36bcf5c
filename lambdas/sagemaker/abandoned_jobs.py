"""Stops the training jobs that earlier runs of a pipeline left running.

A run that was stopped, timed out, or failed because a function died does not wait for its job any more. The job would
cost money, take instances from the quota, and train a model that no run deploys. It is stopped and not adopted: its
hyperparameters and its instances may not be those of the new run.
"""

from __future__ import annotations

from datetime import timedelta

from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.sagemaker import error_messages
from refit.domain import resource_names
from refit.domain.training_status import STOPPABLE
from refit.domain.window import parse_instant

LONGEST = timedelta(days=29)
"""A training job runs for at most 28 days: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html"""
(IN_PROGRESS,) = STOPPABLE


def stop(pipeline: str, started_at: str) -> list[str]:
    """Stops all jobs in progress that are named after runs of `pipeline`; returns the names of those it has stopped.

    Only for the run that has the lease and has not started its own job, at `started_at`: no other run waits for a job.
    """
    sagemaker, stopped = clients.sagemaker(), []
    # AWS removes jobs of another status only after it has cut a page, so a page can be empty: all pages are read.
    pages = sagemaker.get_paginator("list_training_jobs").paginate(
        NameContains=f"{pipeline}-",
        StatusEquals=IN_PROGRESS,  # type: ignore[arg-type] # a frozenset has no literal types
        CreationTimeAfter=parse_instant(started_at) - LONGEST,
    )
    jobs = (job for page in pages for job in page["TrainingJobSummaries"])
    for name in [job["TrainingJobName"] for job in jobs if job["TrainingJobStatus"] in STOPPABLE]:
        if not resource_names.is_of_a_run(name, pipeline):
            continue
        try:
            sagemaker.stop_training_job(TrainingJobName=name)
        except ClientError as error:
            if not error_messages.job_has_ended(error):
                raise
        else:
            stopped.append(name)
    return stopped

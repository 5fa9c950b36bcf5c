"""Keeps the runs of the jobs of one kind: starts and stops them, and ends those that a restart interrupted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from refit.embedded_cloud.sagemaker import store
from refit.embedded_cloud.sagemaker.errors import invalid
from refit.embedded_cloud.sagemaker.job_run import JobRun
from refit.embedded_cloud.sagemaker.resources import Job, now

J = TypeVar("J", bound=Job)
S = TypeVar("S", bound=Job, contravariant=True)

INTERRUPTED = "InternalServerError: the embedded cloud stopped while this job was running"


class Statuses(Protocol[S]):
    """The statuses of a kind of job: training_statuses or processing_statuses."""

    FIRST: str

    def primary(self, job: S) -> str:
        """The status that filters and messages use."""

    def is_final(self, job: S) -> bool:
        """Whether the job has ended."""

    def enter(self, job: S, status: str, at: float, reason: str = "") -> bool:
        """Sets the status; returns False if the transition is not allowed."""


class JobRuns(Generic[J]):
    """The runs of the jobs of one kind, by their ARNs."""

    def __init__(self, kind: type[J], statuses: Statuses[J], new_run: Callable[[J], JobRun[J]]) -> None:
        self._kind = kind
        self._statuses = statuses
        self._new_run = new_run
        self._runs: dict[str, JobRun[J]] = {}

    def start(self, job: J) -> None:
        """Stores a new job and starts it. The store's lock must be held."""
        self._statuses.enter(job, self._statuses.FIRST, job.created)
        store.add(job)
        self._runs[job.arn] = run = self._new_run(job)
        run.start()

    def stop(self, job: J) -> None:
        """Lets a job go through Stopping to Stopped. Raises ApiError if it has ended or is being stopped already."""
        with store.lock:
            if not self._statuses.enter(job, "Stopping", now()):
                status = self._statuses.primary(job)
                raise invalid(f"The request was rejected because the {job.LABEL} is in status {status}.")
        self._runs[job.arn].end()

    def resume(self) -> None:
        """Ends the jobs that were running before a restart, because their processes no longer exist."""
        at = now()
        for job in store.of_kind(self._kind):
            if self._statuses.primary(job) == "Stopping":
                self._statuses.enter(job, "Stopped", at)
            elif not self._statuses.is_final(job):
                self._statuses.enter(job, "Failed", at, INTERRUPTED)

    def end_all(self) -> None:
        """Stops the processes of all jobs."""
        for run in self._runs.values():
            run.end()
        self._runs.clear()

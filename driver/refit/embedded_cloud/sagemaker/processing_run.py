"""Runs one processing job from InProgress to its end (see job_run)."""

from __future__ import annotations

import contextlib
from pathlib import Path

from refit.embedded_cloud.instance import exit_message, processing_main
from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.sagemaker import processing_statuses, store
from refit.embedded_cloud.sagemaker.job_run import JobRun
from refit.embedded_cloud.sagemaker.processing_requests import max_runtime_seconds
from refit.embedded_cloud.sagemaker.resources import ProcessingJob, now


class ProcessingRun(JobRun[ProcessingJob]):
    """The run of one processing job. It is InProgress in all of its phases."""

    MODULE, PHASES = "refit.embedded_cloud.instance.processing_main", processing_main.PHASES
    FAULT, FAULTY = "processing", "Processing"

    def _limit(self) -> int:
        return max_runtime_seconds(self._job.request)

    def _log_stream(self) -> str:
        """https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html"""
        return f"{self._job.name}/algo-1-{int(self._job.created)}"

    def _enter(self, status: str, reason: str = "") -> bool:
        with store.lock:
            if status in self.PHASES:
                if status == self.PHASES[0]:
                    self._job.started = self._job.modified = now()
                return self._job.status == "InProgress"
            ending = "Stopped" if status == "MaxRuntimeExceeded" else status
            return processing_statuses.enter(self._job, ending, now(), reason)

    def _close(self, volume: Path) -> None:
        with store.lock, contextlib.suppress(CustomerError):
            self._job.exit_message = exit_message.read(volume)

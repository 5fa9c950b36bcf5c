"""Runs one training job from Starting to its end (see job_run)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refit.embedded_cloud.instance import training_main
from refit.embedded_cloud.sagemaker import store, training_statuses
from refit.embedded_cloud.sagemaker.job_run import JobRun
from refit.embedded_cloud.sagemaker.resources import TrainingJob, now
from refit.embedded_cloud.sagemaker.training_requests import max_runtime_seconds


class TrainingRun(JobRun[TrainingJob]):
    """The run of one training job: its statuses are those of the phases."""

    MODULE, PHASES = "refit.embedded_cloud.instance.training_main", training_main.PHASES
    FAULT, FAULTY = "training", "Training"

    def _limit(self) -> int:
        return max_runtime_seconds(self._job.request)

    def _log_stream(self) -> str:
        return f"{self._job.name}/algo-1"

    def _enter(self, status: str, reason: str = "") -> bool:
        with store.lock:
            return training_statuses.enter(self._job, status, now(), reason)

    def _keep(self, result: Mapping[str, Any]) -> None:
        self._job.metrics.update(result.get("metrics", {}))
        self._job.artifacts = result.get("artifacts", "")

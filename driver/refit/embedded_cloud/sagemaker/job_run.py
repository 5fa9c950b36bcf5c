"""Runs one training job from Starting to its end, in a thread that drives the job's process through its phases."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from refit.embedded_cloud import faults, settings
from refit.embedded_cloud.instance.training_main import PHASES
from refit.embedded_cloud.sagemaker import store, training_statuses
from refit.embedded_cloud.sagemaker.errors import ApiError
from refit.embedded_cloud.sagemaker.resources import TrainingJob, now
from refit.embedded_cloud.sagemaker.training_process import TrainingProcess, started
from refit.embedded_cloud.sagemaker.training_requests import max_runtime_seconds

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """The final status of a job, and why."""

    secondary: str
    reason: str = ""


class TrainingRun:
    """The run of one job. `fault` is the scripted fault that occurs in Training: fail, stop, hang, or None."""

    def __init__(self, job: TrainingJob, fault: str | None) -> None:
        self._job = job
        self._fault = fault
        self._script = faults.active()
        self._ended = threading.Event()
        self._out_of_time = False
        self._process: TrainingProcess | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Starts the job in its own thread and returns immediately."""
        threading.Thread(target=self._run, name=f"training-{self._job.name}", daemon=True).start()

    def end(self) -> None:
        """Kills the process in any phase. The thread then sets the job's final status."""
        self._ended.set()
        with self._lock:
            if self._process:
                self._process.kill()

    def _run(self) -> None:
        limit = max_runtime_seconds(self._job.request)
        timer = threading.Timer(limit, self._expire)
        timer.daemon = True
        timer.start()
        try:
            with started(self._job, seconds=limit + 3600) as process:
                self._attach(process)
                try:
                    outcome = self._run_phases(process)
                finally:
                    self._attach(None)
        except ApiError as error:
            outcome = Outcome("Failed", f"ClientError: {error}")
        except Exception:
            logger.exception("training job %s", self._job.name)
            outcome = Outcome("Failed", "InternalServerError: the embedded cloud failed; see its log")
        timer.cancel()
        self._finish(outcome)

    def _attach(self, process: TrainingProcess | None) -> None:
        """Sets the process that `end` kills: None once it has ended, because its process ID may be reused."""
        with self._lock:
            self._process = process

    def _run_phases(self, process: TrainingProcess) -> Outcome:
        self._wait_out_status(time.monotonic())
        for phase in PHASES:
            if self._ended.is_set() or not self._enter(phase):
                break
            began = time.monotonic()
            if phase == "Training" and self._fault:
                outcome = self._inject(self._fault)
                if outcome:
                    return outcome
            result = process.run(phase)
            if self._ended.is_set():
                break
            if "failed" in result:
                return Outcome("Failed", f"{result['failed']}: {result['reason']}")
            with store.lock:
                self._job.metrics.update(result.get("metrics", {}))
                self._job.artifacts = result.get("artifacts", "")
            self._wait_out_status(began)
        else:
            return Outcome("Completed")
        return Outcome("MaxRuntimeExceeded" if self._out_of_time else "Stopped")

    def _inject(self, fault: str) -> Outcome | None:
        if fault == "fail":
            return Outcome("Failed", "AlgorithmError: a scripted fault failed this job (training.fail)")
        if fault == "stop":
            self._enter("Stopping")
            return Outcome("Stopped")
        faults.wait(self._script, self._ended)
        return None

    def _expire(self) -> None:
        self._out_of_time = True
        self.end()

    def _wait_out_status(self, began: float) -> None:
        """Waits until the status has lasted its minimum duration since `began`, or the job is ended."""
        self._ended.wait(max(0.0, began + settings.seconds_per_status() - time.monotonic()))

    def _enter(self, secondary: str) -> bool:
        with store.lock:
            return training_statuses.enter(self._job, secondary, now())

    def _finish(self, outcome: Outcome) -> None:
        with store.lock:
            moved = outcome.secondary != "Stopped" and training_statuses.enter(
                self._job, outcome.secondary, now(), outcome.reason
            )
        if not moved:
            # Stopping takes precedence over any other outcome, and lasts the minimum duration of a status.
            time.sleep(settings.seconds_per_status())
            self._enter("Stopped")

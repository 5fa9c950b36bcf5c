"""Runs one job from its creation to its end, in a thread that drives the job's process through its phases."""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from refit.embedded_cloud import faults, settings
from refit.embedded_cloud.sagemaker import store
from refit.embedded_cloud.sagemaker.errors import ApiError
from refit.embedded_cloud.sagemaker.job_process import JobProcess, started
from refit.embedded_cloud.sagemaker.resources import Job

J = TypeVar("J", bound=Job)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """The final status of a job, and why."""

    status: str
    reason: str = ""


class JobRun(ABC, Generic[J]):
    """The run of one job. `fault` is the scripted fault that occurs in the phase FAULTY: fail, stop, hang, or None.

    MODULE is the program of the job's process and PHASES are its phases. FAULT is the name of its faults.
    """

    MODULE: ClassVar[str]
    PHASES: ClassVar[tuple[str, ...]]
    FAULTY: ClassVar[str]
    FAULT: ClassVar[str]

    def __init__(self, job: J) -> None:
        modes = faults.MODES[self.FAULT]
        self._job = job
        self._fault = next((mode for mode in modes if faults.take(f"{self.FAULT}.{mode}")), None)
        self._script = faults.active()
        self._ended = threading.Event()
        self._out_of_time = False
        self._process: JobProcess | None = None
        self._lock = threading.Lock()

    @abstractmethod
    def _limit(self) -> int:
        """How long the job may run, in seconds."""

    @abstractmethod
    def _log_stream(self) -> str:
        """The stream of the job's log."""

    @abstractmethod
    def _enter(self, status: str, reason: str = "") -> bool:
        """Lets the job enter a phase or a final status, under the store's lock; False if that is not allowed."""

    def _keep(self, result: Mapping[str, Any]) -> None:
        """Stores the result of a phase that succeeded. The store's lock is held."""

    def _close(self, volume: Path) -> None:
        """Reads what the job has left on its volume, before it is removed."""

    def start(self) -> None:
        """Starts the job in its own thread and returns immediately."""
        threading.Thread(target=self._run, name=f"{self.FAULT}-{self._job.name}", daemon=True).start()

    def end(self) -> None:
        """Kills the process in any phase. The thread then sets the job's final status."""
        self._ended.set()
        with self._lock:
            if self._process:
                self._process.kill()

    def _run(self) -> None:
        limit = self._limit()
        timer = threading.Timer(limit, self._expire)
        timer.daemon = True
        timer.start()
        try:
            with started(self._job, self.MODULE, self._log_stream(), seconds=limit + 3600) as process:
                self._attach(process)
                try:
                    outcome = self._run_phases(process)
                finally:
                    self._attach(None)
                    self._close(process.volume)
        except ApiError as error:
            outcome = Outcome("Failed", f"ClientError: {error}")
        except Exception:
            logger.exception("%s %s", self._job.LABEL, self._job.name)
            outcome = Outcome("Failed", "InternalServerError: the embedded cloud failed; see its log")
        timer.cancel()
        self._finish(outcome)

    def _attach(self, process: JobProcess | None) -> None:
        """Sets the process that `end` kills: None once it has ended, because its process ID may be reused."""
        with self._lock:
            self._process = process

    def _run_phases(self, process: JobProcess) -> Outcome:
        self._wait_out_status(time.monotonic())
        for phase in self.PHASES:
            if self._ended.is_set() or not self._enter(phase):
                break
            began = time.monotonic()
            if phase == self.FAULTY and self._fault:
                outcome = self._inject(self._fault)
                if outcome:
                    return outcome
            result = process.run(phase)
            if self._ended.is_set():
                break
            if "failed" in result:
                return Outcome("Failed", f"{result['failed']}: {result['reason']}")
            with store.lock:
                self._keep(result)
            self._wait_out_status(began)
        else:
            return Outcome("Completed")
        return Outcome("MaxRuntimeExceeded" if self._out_of_time else "Stopped")

    def _inject(self, fault: str) -> Outcome | None:
        if fault == "fail":
            return Outcome("Failed", f"AlgorithmError: a scripted fault failed this job ({self.FAULT}.fail)")
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

    def _finish(self, outcome: Outcome) -> None:
        if outcome.status == "Stopped" or not self._enter(outcome.status, outcome.reason):
            # Stopping takes precedence over any other outcome, and lasts the minimum duration of a status.
            time.sleep(settings.seconds_per_status())
            self._enter("Stopped")

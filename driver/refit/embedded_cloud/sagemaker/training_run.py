"""One training job from Starting to its end: a thread that takes the job's process through the table of statuses."""

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

logger = logging.getLogger(__name__)

DEFAULT_MAX_RUNTIME_SECONDS = 86_400


@dataclass(frozen=True)
class Ending:
    """The final status of a job, and why."""

    secondary: str
    reason: str = ""


class TrainingRun:
    """`fault` is the scripted fault that strikes this job in Training: fail, stop, hang, or none."""

    def __init__(self, job: TrainingJob, fault: str | None) -> None:
        self._job = job
        self._fault = fault
        self._script = faults.active()
        self._ended = threading.Event()
        self._out_of_time = False
        self._process: TrainingProcess | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Returns at once; the job goes on in a thread of its own."""
        threading.Thread(target=self._run, name=f"training-{self._job.name}", daemon=True).start()

    def end(self) -> None:
        """Ends the process, whatever it is at. The thread then writes the job's final status."""
        self._ended.set()
        with self._lock:
            if self._process:
                self._process.kill()

    def _run(self) -> None:
        stopping = self._job.request.get("StoppingCondition", {})
        limit = stopping.get("MaxRuntimeInSeconds", DEFAULT_MAX_RUNTIME_SECONDS)
        timer = threading.Timer(limit, self._expire)
        timer.daemon = True
        timer.start()
        try:
            with started(self._job, seconds=limit + 3600) as process:
                self._attach(process)
                try:
                    ending = self._drive(process)
                finally:
                    self._attach(None)
        except ApiError as error:
            ending = Ending("Failed", f"ClientError: {error}")
        except Exception:
            logger.exception("training job %s", self._job.name)
            ending = Ending("Failed", "InternalServerError: the embedded cloud failed; its log says why")
        timer.cancel()
        self._finish(ending)

    def _attach(self, process: TrainingProcess | None) -> None:
        """What `end` is to kill: nothing any more once the process has ended, whose number may be another's then."""
        with self._lock:
            self._process = process

    def _drive(self, process: TrainingProcess) -> Ending:
        self._rest(time.monotonic())
        for phase in PHASES:
            if self._ended.is_set() or not self._enter(phase):
                break
            began = time.monotonic()
            if phase == "Training" and self._fault:
                struck = self._strike(self._fault)
                if struck:
                    return struck
            answer = process.run(phase)
            if self._ended.is_set():
                break
            if "failed" in answer:
                return Ending("Failed", f"{answer['failed']}: {answer['reason']}")
            with store.lock:
                self._job.metrics.update(answer.get("metrics", {}))
                self._job.artifacts = answer.get("artifacts", "")
            self._rest(began)
        else:
            return Ending("Completed")
        return Ending("MaxRuntimeExceeded" if self._out_of_time else "Stopped")

    def _strike(self, fault: str) -> Ending | None:
        if fault == "fail":
            return Ending("Failed", "AlgorithmError: a scripted fault failed this job (training.fail)")
        if fault == "stop":
            self._enter("Stopping")
            return Ending("Stopped")
        faults.wait(self._script, self._ended)
        return None

    def _expire(self) -> None:
        self._out_of_time = True
        self.end()

    def _rest(self, began: float) -> None:
        """Lets a status last as long as statuses last, counted from its beginning."""
        self._ended.wait(max(0.0, began + settings.seconds_per_status() - time.monotonic()))

    def _enter(self, secondary: str) -> bool:
        with store.lock:
            return training_statuses.enter(self._job, secondary, now())

    def _finish(self, ending: Ending) -> None:
        with store.lock:
            moved = ending.secondary != "Stopped" and training_statuses.enter(
                self._job, ending.secondary, now(), ending.reason
            )
        if not moved:
            # Stopping wins over whatever happened meanwhile; it lasts as long as any status.
            time.sleep(settings.seconds_per_status())
            self._enter("Stopped")

"""Runs one training job in its own process: python -m refit.embedded_cloud.instance.training_main

The control plane writes the job as one line of JSON to stdin, then the name of each phase when it may begin. For each
phase this process writes one line of JSON to stdout, {"done": phase} or {"failed": cause, "reason": …}. The credentials
of the job's role are in its environment. It ends when stdin closes, so no job outlives its cloud.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from refit.domain.formatting import counted
from refit.embedded_cloud.instance import artifact, aws_clients, channels, images
from refit.embedded_cloud.instance.algorithm import AlgorithmError, Channel, CustomerError, TrainingInput
from refit.embedded_cloud.instance.job_log import JobLog

PHASES = ("Downloading", "Training", "Uploading")


class TrainingJob:
    """The three phases of a job."""

    def __init__(self, job: Mapping[str, Any]) -> None:
        self._request = job["request"]
        self._s3 = aws_clients.client("s3")
        self.log = JobLog(aws_clients.client("logs"), job["log_stream"])
        self._channels: dict[str, Channel] = {}
        self._input = TrainingInput(
            self._channels,
            self._request.get("HyperParameters", {}),
            self._request["ResourceConfig"]["InstanceCount"],
            Path(job["volume"]),
            self.log.line,
        )
        self.phases: Mapping[str, Callable[[], Mapping[str, Any]]] = {
            "Downloading": self._download,
            "Training": self._train,
            "Uploading": self._upload,
        }

    def _download(self) -> Mapping[str, Any]:
        mode = self._request["AlgorithmSpecification"]["TrainingInputMode"]
        for config in self._request.get("InputDataConfig", ()):
            name = config["ChannelName"]
            self._channels[name] = channels.download(self._s3, config, self._input.channel_dir(name), mode)
            self.log.line(f"channel {name}: {counted(len(self._channels[name].sources), 'object')}")
        return {}

    def _train(self) -> Mapping[str, Any]:
        self._input.model_dir.mkdir()
        self._input.output_data_dir.mkdir(parents=True)
        return {"metrics": images.trainer(self._request).train(self._input)}

    def _upload(self) -> Mapping[str, Any]:
        if any(self._input.output_data_dir.iterdir()):
            self._put(self._input.output_data_dir, "output.tar.gz")
        return {"artifacts": self._put(self._input.model_dir, "model.tar.gz")}

    def _put(self, folder: Path, name: str) -> str:
        """Uploads a folder as the job's output; returns its URI."""
        uri = f"{self._request['OutputDataConfig']['S3OutputPath'].rstrip('/')}/{self._request['TrainingJobName']}"
        bucket, key = channels.split(f"{uri}/output/{name}")
        try:
            self._s3.put_object(Bucket=bucket, Key=key, Body=artifact.pack(folder))
        except ClientError as error:
            cause = error.response.get("Error", {})
            problem = f"{cause.get('Code')}: {cause.get('Message')}"
            raise CustomerError(f"Artifact upload failed:Error uploading s3://{bucket}/{key} ({problem})") from error
        return f"s3://{bucket}/{key}"


def main() -> int:
    """Runs the job that stdin describes. The exit status is 0 even if the job fails: the result reports the failure."""
    job = json.loads(sys.stdin.readline())
    phases: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(phases, Path(job["volume"])), daemon=True).start()
    # The algorithm's own output must not be mistaken for a result.
    results, sys.stdout = sys.stdout, sys.stderr
    work = TrainingJob(job)
    for phase in PHASES:
        if phases.get() != phase:
            return 2
        result = _run(work, phase)
        work.log.flush()
        print(json.dumps(result), file=results, flush=True)
        if "failed" in result:
            break
    return 0


def _run(work: TrainingJob, phase: str) -> Mapping[str, Any]:
    """Runs one phase and returns its result. The cause of a failure is the first word of AWS's FailureReason."""
    try:
        return {"done": phase, **work.phases[phase]()}
    except CustomerError as error:
        cause, reason = "ClientError", str(error)
    except AlgorithmError as error:
        cause, reason = "AlgorithmError", str(error)
    except BotoCoreError as error:
        cause, reason = "InternalServerError", f"{phase}: {error}"
    except Exception as error:
        work.log.line(traceback.format_exc())
        cause, reason = "AlgorithmError", f"{type(error).__name__}: {error}"
    work.log.line(f"{cause}: {reason}")
    return {"failed": cause, "reason": reason}


def _listen(phases: queue.SimpleQueue[str], volume: Path) -> None:
    """Reads the phases from stdin. If stdin closes, the cloud has exited: removes the volume and ends the process."""
    for line in sys.stdin:
        phases.put(line.strip())
    shutil.rmtree(volume, ignore_errors=True)
    if os.getpgrp() == os.getpid():
        # Including the program that this process may have started.
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())

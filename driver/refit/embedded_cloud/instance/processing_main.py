"""Runs one processing job in its own process: python -m refit.embedded_cloud.instance.processing_main (see job_main)

https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from refit.embedded_cloud.instance import (
    aws_clients,
    channels,
    exit_message,
    image_packages,
    job_main,
    process_environment,
    processing_config,
    processing_outputs,
    user_program,
)
from refit.embedded_cloud.instance.algorithm import AlgorithmError
from refit.embedded_cloud.instance.job_log import JobLog
from refit.embedded_cloud.instance.processing_folders import mapped, on_volume

LOG_GROUP = "/aws/sagemaker/ProcessingJobs"
PHASES = ("Downloading", "Processing", "Uploading")


class ProcessingJob:
    """The three phases of a job."""

    def __init__(self, job: Mapping[str, Any]) -> None:
        self._request, self._arn, self._volume = job["request"], job["arn"], Path(job["volume"])
        self._s3 = aws_clients.client("s3")
        self._outputs: list[processing_outputs.Output] = []
        self.log = JobLog(aws_clients.client("logs"), LOG_GROUP, job["log_stream"])
        self.phases: Mapping[str, Callable[[], Mapping[str, Any]]] = {
            "Downloading": self._download,
            "Processing": self._process,
            "Uploading": self._upload,
        }

    def _download(self) -> Mapping[str, Any]:
        processing_config.write(self._request, self._arn, self._volume)
        for each in self._request.get("ProcessingInputs", ()):
            source = each["S3Input"]
            channel = {"ChannelName": each["InputName"], "DataSource": {"S3DataSource": source}}
            channels.download(self._s3, channel, on_volume(self._volume, source["LocalPath"]))
        for each in self._request.get("ProcessingOutputConfig", {}).get("Outputs", ()):
            self._outputs.append(processing_outputs.Output(self._s3, each["S3Output"], self._volume))
        exit_message.path(self._volume).parent.mkdir()
        return {}

    def _process(self) -> Mapping[str, Any]:
        """Runs the program. A program that fails uploads only the outputs of the mode Continuous."""
        application = self._request["AppSpecification"]
        given = [*application["ContainerEntrypoint"][1:], *application.get("ContainerArguments", ())]
        # Without a network, a container has no way to AWS and its credentials.
        isolated = self._request.get("NetworkConfig", {}).get("EnableNetworkIsolation", False)
        environment = {
            **process_environment.own(credentials=not isolated),
            **mapped(self._request.get("Environment", {}), self._volume),
        }
        packages = self._volume / "packages"
        image_packages.limit(application["ImageUri"], packages)
        own = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([str(packages), *([own] if own else [])])
        folder = self._volume / "work"
        folder.mkdir()
        with processing_outputs.continuously(self._outputs):
            status = user_program.run(
                [sys.executable, *mapped(given, self._volume)], folder, environment, self.log.line, self.log.line
            )
        exit_message.read(self._volume)
        if status:
            # In AWS's words: "Reason: AlgorithmError: , exit code: 1" in its documentation of that error.
            raise AlgorithmError(f", exit code: {status if status > 0 else 128 - status}")
        return {}

    def _upload(self) -> Mapping[str, Any]:
        for each in self._outputs:
            each.upload()
        return {}


if __name__ == "__main__":
    sys.exit(job_main.main(ProcessingJob))

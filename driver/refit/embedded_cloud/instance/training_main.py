"""Runs one training job in its own process: python -m refit.embedded_cloud.instance.training_main (see job_main)"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from refit.domain.formatting import counted
from refit.embedded_cloud.instance import artifact, aws_clients, channels, images, job_main, uploads
from refit.embedded_cloud.instance.algorithm import Channel, TrainingInput
from refit.embedded_cloud.instance.job_log import JobLog

LOG_GROUP = "/aws/sagemaker/TrainingJobs"
PHASES = ("Downloading", "Training", "Uploading")


class TrainingJob:
    """The three phases of a job."""

    def __init__(self, job: Mapping[str, Any]) -> None:
        self._request = job["request"]
        self._s3 = aws_clients.client("s3")
        self.log = JobLog(aws_clients.client("logs"), LOG_GROUP, job["log_stream"])
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
        self._input.config_dir.mkdir(parents=True)
        described = {name: dict(channel.config) for name, channel in self._channels.items()}
        (self._input.config_dir / "inputdataconfig.json").write_text(json.dumps(described))
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
        uploads.put(self._s3, bucket, key, artifact.pack(folder))
        return f"s3://{bucket}/{key}"


if __name__ == "__main__":
    sys.exit(job_main.main(TrainingJob))

"""Runs the program of one training job, and reads its metrics from its output."""

from __future__ import annotations

import shlex
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from refit.embedded_cloud.instance import aws_clients, process_environment, user_program
from refit.embedded_cloud.instance.algorithm import AlgorithmError, CannotLoad, CustomerError, TrainingInput
from refit.embedded_cloud.script_mode import toolkit
from refit.embedded_cloud.script_mode.log_metrics import LogMetrics
from refit.embedded_cloud.script_mode.program import Program

TAIL_LINES = 20
TAIL_LENGTH = 700
"""FailureReason has at most 1024 characters, which must also hold the command."""
COMMAND_LENGTH = 200


class ScriptTrainer:
    """The trainer of one job in script mode. Raises CustomerError if the job cannot run on the embedded cloud."""

    def __init__(self, program: Program, request: Mapping[str, Any]) -> None:
        if request.get("EnableNetworkIsolation"):
            raise CustomerError(
                "EnableNetworkIsolation would prevent the container from downloading its code from S3 "
                "(sagemaker_submit_directory)"
            )
        inputs = (request["AlgorithmSpecification"].get("TrainingInputMode"), *_input_modes(request))
        if "Pipe" in inputs:
            raise CustomerError(
                "the embedded cloud gives a program files, not pipes: Pipe input mode works only on AWS"
            )
        self._program = program
        self._request = request
        self._metrics = LogMetrics(request["AlgorithmSpecification"].get("MetricDefinitions", ()))

    def train(self, job: TrainingInput) -> dict[str, float]:
        """Runs the program to its end, and returns the metrics in its output.

        Raises CustomerError if its code cannot be downloaded, AlgorithmError if it fails.
        """
        code = job.volume / "code"
        code.mkdir()
        try:
            self._program.unpack(self._program.fetch(aws_clients.client("s3")), code)
        except CannotLoad as error:
            raise CustomerError(str(error)) from error
        if (code / "requirements.txt").exists():
            job.log("requirements.txt is ignored on the embedded cloud: the program uses the packages of this Python")
        arguments = toolkit.arguments(toolkit.hyperparameters(job.hyperparameters))
        command = shlex.join(["python", self._program.name, *arguments])
        job.log(f"Invoking script with the following command: {command}")
        last = deque[str](maxlen=TAIL_LINES)

        def read(line: str) -> None:
            job.log(line)
            self._metrics.read(line)

        def read_error(line: str) -> None:
            read(line)
            last.append(line)

        environment = {
            **process_environment.own(credentials=True),
            **self._request.get("Environment", {}),
            **toolkit.environment(job, self._program, self._request["ResourceConfig"]["InstanceType"]),
            "TRAINING_JOB_NAME": self._request["TrainingJobName"],
            "PYTHONPATH": str(code),
        }
        status = user_program.run([sys.executable, self._program.name, *arguments], code, environment, read, read_error)
        if status:
            raise AlgorithmError(_failure_reason(status, "\n".join(last), command))
        return self._metrics.values


def _input_modes(request: Mapping[str, Any]) -> Iterator[str | None]:
    return (channel.get("InputMode") for channel in request.get("InputDataConfig", ()))


def _failure_reason(status: int, errors: str, command: str) -> str:
    """The FailureReason in the toolkit's format.

    https://github.com/aws/sagemaker-training-toolkit/blob/master/src/sagemaker_training/errors.py
    """
    return (
        f'ExecuteUserScriptError:\nExitCode {status}\nErrorMessage "{errors[-TAIL_LENGTH:]}"\n'
        f'Command "{command[:COMMAND_LENGTH]}"'
    )

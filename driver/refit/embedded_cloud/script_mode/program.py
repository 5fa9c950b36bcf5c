"""Reads the program and the location of its code from the requests CreateTrainingJob and CreateModel."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from refit.embedded_cloud.instance import artifact, channels
from refit.embedded_cloud.instance.algorithm import CannotLoad, CustomerError

HYPERPARAMETERS = ("sagemaker_program", "sagemaker_submit_directory")
VARIABLES = ("SAGEMAKER_PROGRAM", "SAGEMAKER_SUBMIT_DIRECTORY")
"""https://github.com/aws/sagemaker-training-toolkit/blob/master/src/sagemaker_training/params.py"""


@dataclass(frozen=True)
class Program:
    """`name` is the file's path in the tar.gz at `source`, an s3:// URI."""

    name: str
    source: str

    def fetch(self, s3: Any) -> bytes:
        """Downloads the tar.gz with the code. Raises CustomerError if the client cannot read it."""
        return channels.read(s3, *channels.split(self.source))

    def unpack(self, code: bytes, folder: Path) -> None:
        """Extracts the code into an existing folder. Raises CannotLoad, also if the program is missing."""
        artifact.unpack(code, folder, what=f"source {self.source}")
        if not (folder / self.name).is_file():
            raise CannotLoad(f"{self.source} does not contain {self.name}")


def of_job(hyperparameters: Mapping[str, str]) -> Program | None:
    """The program in a training job's hyperparameters; None if they name none. Raises CustomerError."""
    return _program(HYPERPARAMETERS, {name: decoded(value) for name, value in hyperparameters.items()})


def of_container(environment: Mapping[str, str]) -> Program | None:
    """The program in the environment of a model's container; None if it names none. Raises CustomerError."""
    return _program(VARIABLES, environment)


def decoded(value: str) -> Any:
    """A hyperparameter's value, decoded from JSON if possible: the SageMaker SDK encodes it, other clients do not."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _program(names: tuple[str, str], values: Mapping[str, Any]) -> Program | None:
    missing = [name for name in names if not values.get(name)]
    if len(missing) == len(names):
        return None
    if missing:
        raise CustomerError(f"script mode requires both {' and '.join(names)}; {missing[0]} is missing")
    program, source = (str(values[name]) for name in names)
    path = PurePosixPath(program)
    if path.suffix != ".py" or path.is_absolute() or ".." in path.parts:
        raise CustomerError(f"{names[0]} is {program}; on the embedded cloud it must be a Python file in the source")
    if not source.startswith("s3://"):
        raise CustomerError(
            f"{names[1]} is {source}; on the embedded cloud it must be in S3: s3://<bucket>/<key>.tar.gz"
        )
    return Program(program, source)

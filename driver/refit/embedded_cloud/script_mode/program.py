"""Which program an own image runs, and where its code is: what CreateTrainingJob and CreateModel say of it."""

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
        """The tar.gz with the code. Raises CustomerError when there is none that this client may read."""
        return channels.read(s3, *channels.split(self.source))

    def unpack(self, code: bytes, folder: Path) -> None:
        """Extracts the code into an existing folder. Raises CannotLoad, also when the program is not in it."""
        artifact.unpack(code, folder, what=f"source {self.source}")
        if not (folder / self.name).is_file():
            raise CannotLoad(f"{self.source} holds no {self.name}")


def of_job(hyperparameters: Mapping[str, str]) -> Program | None:
    """The program of a training job; None for an image that is told of none. Raises CustomerError."""
    return _program(HYPERPARAMETERS, {name: decoded(value) for name, value in hyperparameters.items()})


def of_container(environment: Mapping[str, str]) -> Program | None:
    """The program of a model's container; None for an image that is told of none. Raises CustomerError."""
    return _program(VARIABLES, environment)


def decoded(value: str) -> Any:
    """A hyperparameter's value: the SageMaker SDK writes it as JSON, others as it is."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def _program(names: tuple[str, str], given: Mapping[str, Any]) -> Program | None:
    missing = [name for name in names if not given.get(name)]
    if len(missing) == len(names):
        return None
    if missing:
        raise CustomerError(f"script mode needs both {' and '.join(names)}; there is no {missing[0]}")
    program, source = (str(given[name]) for name in names)
    path = PurePosixPath(program)
    if path.suffix != ".py" or path.is_absolute() or ".." in path.parts:
        raise CustomerError(f"{names[0]} is {program}; the embedded cloud runs Python files of the source, *.py")
    if not source.startswith("s3://"):
        raise CustomerError(f"{names[1]} is {source}; the embedded cloud reads it from S3: s3://<bucket>/<key>.tar.gz")
    return Program(program, source)

"""What an algorithm and the instance that runs it promise each other.

The shape is the training toolkit's: channels of files, hyperparameters as strings, a folder whose content becomes
model.tar.gz, and a model that answers requests. https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class CustomerError(Exception):
    """The job's owner can mend it (data, hyperparameters, permissions): a FailureReason that starts "ClientError"."""


class AlgorithmError(Exception):
    """The algorithm gave up, and the message says why: a FailureReason that starts "AlgorithmError"."""


class CannotLoad(Exception):
    """A model.tar.gz that this algorithm cannot serve."""


class ModelError(Exception):
    """A request that the model's container answers with an HTTP error: a ModelError for the client."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Source:
    """One object of a channel: where it came from, for messages, and the file on this instance."""

    uri: str
    path: Path


@dataclass(frozen=True)
class Channel:
    """The data of one channel; the content type is None when the job does not say it."""

    content_type: str | None
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class TrainingInput:
    """All that an algorithm is given. What it leaves in `model_dir` is the model; `log` writes a line for people.

    `instance_count` is how many machines were asked for; whatever it is, one process trains. `volume` is the machine's
    disk, with the folders of /opt/ml: https://docs.aws.amazon.com/sagemaker/latest/dg/amazon-sagemaker-toolkits.html
    """

    channels: Mapping[str, Channel]
    hyperparameters: Mapping[str, str]
    instance_count: int
    volume: Path
    log: Callable[[str], None]

    @property
    def model_dir(self) -> Path:
        return self.volume / "model"

    @property
    def output_data_dir(self) -> Path:
        """What is left here becomes output.tar.gz, beside the model."""
        return self.volume / "output" / "data"

    def channel_dir(self, name: str) -> Path:
        return self.volume / "input" / "data" / name


@dataclass(frozen=True)
class Payload:
    """The body of InvokeEndpoint, its media type, and the one asked for; without parameters, in lower case."""

    body: bytes
    content_type: str
    accept: str


@dataclass(frozen=True)
class Response:
    body: bytes
    content_type: str


class Predictor(Protocol):
    """A loaded model. It is shared between threads and must not change."""

    def predict(self, payload: Payload) -> Response:
        """Answers one request. Raises ModelError."""
        ...


class Trainer(Protocol):
    """Trains models; a module or an object."""

    def train(self, job: TrainingInput) -> dict[str, float]:
        """Fits, writes `model_dir`, and returns the final metrics by name. Raises CustomerError, AlgorithmError."""
        ...


class Server(Protocol):
    """Loads models; a module or an object."""

    def load(self, model_dir: Path) -> Predictor:
        """The model that a trainer wrote; the folder may go afterwards. Raises CannotLoad."""
        ...

"""The interface between an algorithm and the instance that runs it.

It follows the training toolkit: channels of files, hyperparameters as strings, a folder that becomes model.tar.gz, and
a model that answers requests. https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class CustomerError(Exception):
    """An error that the job's owner can fix (data, hyperparameters, permissions): FailureReason "ClientError: …"."""


class AlgorithmError(Exception):
    """The algorithm failed, with the reason as the message: FailureReason "AlgorithmError: …"."""


class CannotLoad(Exception):
    """A model.tar.gz that this algorithm cannot serve."""


class ModelError(Exception):
    """The model's container returned an HTTP error for a request: the client receives a ModelError."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Source:
    """One object of a channel: its URI, for messages, and the file on this instance."""

    uri: str
    path: Path


@dataclass(frozen=True)
class Channel:
    """The data of one channel. `content_type` is None if the job does not specify it.

    `config` is the channel's entry in inputdataconfig.json, by which a container knows what it reads.
    """

    content_type: str | None
    sources: tuple[Source, ...]
    config: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TrainingInput:
    """The input of an algorithm. The files that it writes to `model_dir` are the model; `log` writes a line to the log.

    `instance_count` is the requested number of instances; a single process trains in any case. `volume` is the
    instance's disk, with the folders of /opt/ml:
    https://docs.aws.amazon.com/sagemaker/latest/dg/amazon-sagemaker-toolkits.html
    """

    channels: Mapping[str, Channel]
    hyperparameters: Mapping[str, str]
    instance_count: int
    volume: Path
    log: Callable[[str], None]

    @property
    def model_dir(self) -> Path:
        """The folder that becomes model.tar.gz."""
        return self.volume / "model"

    @property
    def output_data_dir(self) -> Path:
        """The folder that becomes output.tar.gz, next to the model."""
        return self.volume / "output" / "data"

    @property
    def config_dir(self) -> Path:
        """The folder with inputdataconfig.json."""
        return self.volume / "input" / "config"

    def channel_dir(self, name: str) -> Path:
        """The folder with the files of a channel."""
        return self.volume / "input" / "data" / name


@dataclass(frozen=True)
class Payload:
    """The body of InvokeEndpoint, its media type and the accepted one, both without parameters and in lowercase."""

    body: bytes
    content_type: str
    accept: str


@dataclass(frozen=True)
class Response:
    """The body of a response and its media type."""

    body: bytes
    content_type: str


class Predictor(Protocol):
    """A loaded model. It is shared between threads and must not change."""

    def predict(self, payload: Payload) -> Response:
        """Handles one request. Raises ModelError."""
        ...


class Trainer(Protocol):
    """Trains models. A module or an object."""

    def train(self, job: TrainingInput) -> dict[str, float]:
        """Trains, writes `model_dir`, and returns the final metrics by name. Raises CustomerError, AlgorithmError."""
        ...


class Server(Protocol):
    """Loads models. A module or an object."""

    def load(self, model_dir: Path) -> Predictor:
        """Loads the model that a trainer wrote; the folder may be deleted afterwards. Raises CannotLoad."""
        ...

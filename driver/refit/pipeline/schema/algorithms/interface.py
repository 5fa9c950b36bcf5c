"""The interface of an algorithm in a pipeline file, and what its rules read of the training section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Protocol

from refit.domain.data_contract import NUMBERS
from refit.pipeline.schema.constraints import Violation
from refit.pipeline.schema.data import Data
from refit.problem_codes import Code

SET_BY_REFIT = frozenset({"train", "validation"})
"""The channels of the window's data, which a pipeline file cannot set."""


class TrainingFields(Protocol):
    """The fields of the training section that an algorithm's rules read; all are valid by themselves."""

    @property
    def image(self) -> str | None: ...
    @property
    def predictor_type(self) -> str: ...
    @property
    def hyperparameters(self) -> Mapping[str, str]: ...
    @property
    def source(self) -> str | None: ...
    @property
    def channels(self) -> Mapping[str, str]: ...
    @property
    def metrics(self) -> Mapping[str, str]: ...
    @property
    def model_fields_set(self) -> set[str]: ...


class AlgorithmRules(Protocol):
    """What a pipeline may say about one algorithm. A module or an object."""

    def broken_rules(self, training: TrainingFields) -> Iterator[Violation]:
        """The violations of the algorithm's rules; paths are relative to the training section."""
        ...

    def broken_data_rules(self, data: Data) -> Iterator[Violation]:
        """The violations of the algorithm's rules for the data section; paths as above."""
        ...

    def hyperparameters(self, training: TrainingFields, feature_dim: int) -> dict[str, str]:
        """The training job's hyperparameters: the file's, and those that other fields or defaults set."""
        ...

    def unreported(self, metric: str, training: TrainingFields) -> Iterator[Violation]:
        """The violation if the training job never reports `metric`, the gate's; paths are relative to the gate."""
        ...

    def reported(self, training: TrainingFields) -> tuple[str, ...]:
        """Metrics of which every completed training job reports at least one; empty if unknown."""
        ...


def nearest(written: str, known: Sequence[str]) -> str:
    """The known word that is most similar to the written one, by default the first."""
    return next(iter(get_close_matches(written, known, n=1, cutoff=0.5)), known[0])


def not_numbers(title: str, data: Data) -> Iterator[Violation]:
    """The violations for columns of the data contract that an algorithm of numbers does not read."""
    for column in data.schema:
        if column.type not in NUMBERS:
            message = f"{title} reads only numbers, but data.schema has the column {column.name} of type {column.type}"
            hint = 'write type = "number", or set the image that reads it'
            yield Violation((), Code.NEEDS_ANOTHER, message, hint)


def unused_fields(title: str, channels: Sequence[str], training: TrainingFields) -> Iterator[Violation]:
    """The violations for fields that only own images use: channels that AWS's algorithm does not read, and metrics."""
    reads = f"{', '.join(channels[:-1])} and {channels[-1]}"
    for name in sorted(training.channels.keys() - (set(channels) - SET_BY_REFIT)):
        message = f"training.channels.{name} is not read by {title}, which reads {reads}"
        yield Violation(("channels", name), Code.UNUSED_FIELD, message, "remove it, or set the image that reads it")
    if training.metrics:
        message = f"training.metrics has no effect with {title}, whose metrics SageMaker defines"
        yield Violation(("metrics",), Code.UNUSED_FIELD, message, "remove it, or set the image that logs them")

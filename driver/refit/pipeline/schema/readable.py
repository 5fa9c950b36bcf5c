"""Checks that the algorithm reads the data's format in the training's input mode (refit.domain.data_formats)."""

from __future__ import annotations

from collections.abc import Iterator

from refit.domain.algorithms import BUILT_IN, Algorithm
from refit.domain.data_formats import PIPE, READS, formats_read
from refit.pipeline.schema import images
from refit.pipeline.schema.constraints import Violation
from refit.pipeline.schema.data import Data
from refit.pipeline.schema.training import Training
from refit.problem_codes import Code

OTHER_IMAGE = "set training.image to an image that reads it"


def algorithm(training: Training) -> Algorithm | None:
    """The algorithm of AWS that reads the data; None for code of the user's own, which may read anything."""
    if not training.own_image:
        return BUILT_IN[training.algorithm]
    if training.source is not None:
        return None
    repository = images.repository(training.image or "")
    return next((one for one in BUILT_IN.values() if one.repository == repository), None)


def faults(data: Data, training: Training, *, embedded: bool) -> Iterator[Violation]:
    """What the algorithm, or the embedded cloud, cannot read: the first fault only."""
    reader = algorithm(training)
    if reader is not None:
        yield from _unread(data, training, reader)
    elif embedded and training.input_mode == PIPE:
        message = "training.input_mode Pipe works only on AWS with own code: the embedded cloud gives a program files"
        yield _mode(message, 'write input_mode = "File" in this file, and Pipe in that of another folder')


def _unread(data: Data, training: Training, reader: Algorithm) -> Iterator[Violation]:
    found = data.data_format
    written = "content_type" if data.content_type is not None else "format"
    value = f'data.{written} "{data.content_type or data.format}"'
    modes = READS[reader.name].get(found.media_type)
    if modes is None:
        formats = _or(formats_read(reader.name))
        message = f"{value} is not read by {reader.title}, which reads {formats}"
        yield _format(written, message, f"convert the data and write format = {formats}, or {OTHER_IMAGE}")
    elif training.input_mode not in modes:
        message = f"training.input_mode {training.input_mode} is not supported by {reader.title}, which reads {value}"
        yield _mode(f"{message} in the mode {' or '.join(modes)}", f'write input_mode = "{modes[0]}"')
    elif found.compressed and training.input_mode != PIPE:
        message = (
            f"{value} is decompressed only in Pipe mode, by SageMaker, and not by {reader.title} itself; "
            f"training.input_mode is {training.input_mode}"
        )
        yield _format(written, message, 'write training = { input_mode = "Pipe" }, or decompress the data')


def _format(field: str, message: str, hint: str) -> Violation:
    return Violation(("data", field), Code.NOT_READABLE, message, hint, from_root=True)


def _mode(message: str, hint: str) -> Violation:
    return Violation(("input_mode",), Code.NOT_READABLE, message, hint)


def _or(formats: tuple[str, ...]) -> str:
    return " or ".join(f'"{name}"' for name in formats)

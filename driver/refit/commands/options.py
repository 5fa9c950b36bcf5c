"""The arguments and options that several commands share."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from refit.errors import RefitError
from refit.project import PipelineRef, Project

if TYPE_CHECKING:
    from refit.pipeline.model import Pipeline

PipelineName = Annotated[
    str,
    typer.Argument(metavar="PIPELINE", help="<environment>/<pipeline>, its file, or the bare name if only one has it."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def load(name: str) -> tuple[PipelineRef, Pipeline]:
    """The pipeline that the command line names. Raises PipelineNotFound or InvalidPipeline."""
    from refit.pipeline import files as pipeline

    ref = Project.here().find(name)
    return ref, pipeline.load(ref)


def parse_time(text: str) -> datetime:
    """An ISO 8601 instant with its zone. Raises RefitError for anything else: a run's day must not be a guess."""
    with suppress(ValueError):
        time = datetime.fromisoformat(text)
        if time.tzinfo:
            return time
    raise RefitError(f"--time {text} is not an instant with a time zone", "write 2026-11-22T06:00:00Z")


def parse_day(text: str, option: str) -> date:
    """A strict YYYY-MM-DD date. Raises RefitError."""
    with suppress(ValueError):
        day = date.fromisoformat(text)
        # fromisoformat also reads 20261122 and 2026-W47-7.
        if day.isoformat() == text:
            return day
    raise RefitError(f"{option} {text} is not a date", "write it as YYYY-MM-DD, such as 2026-11-22")


def parse_window(text: str) -> tuple[date, date]:
    """`START..END`, both inclusive. Raises RefitError when it is not that, or when the end comes first."""
    start, separator, end = text.partition("..")
    if not separator:
        raise RefitError(f"--window {text} is not a window", "write 2026-11-16..2026-11-22, both days included")
    window = parse_day(start, "--window"), parse_day(end, "--window")
    if window[0] > window[1]:
        raise RefitError(f"--window {text} ends before it starts", f"write {end}..{start}")
    return window

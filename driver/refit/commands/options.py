"""Arguments and options that several commands share, and the parsers of their values."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from refit.errors import RefitError
from refit.project import PipelineRef, Project

if TYPE_CHECKING:
    from refit.pipeline.model import Pipeline


def complete_pipeline(incomplete: str) -> list[str]:
    """Shell completion: the pipelines of this project whose `<environment>/<pipeline>` begins with `incomplete`."""
    with suppress(RefitError):  # outside a project there is nothing to complete
        return [ref.key for ref in Project.here().pipelines() if ref.key.startswith(incomplete)]
    return []


RUN = "The run's name, a unique beginning of it, or its ARN."


def complete_run(context: typer.Context, incomplete: str) -> list[str]:
    """Shell completion: the newest runs of the pipeline on the command line whose names begin with `incomplete`."""
    from refit.aws import executions
    from refit.aws.deployed import DeployedPipeline

    with suppress(RefitError, KeyError):  # there is nothing to complete if AWS does not answer
        deployed = DeployedPipeline.of(Project.here().find(context.params["name"]))
        newest = executions.listed(deployed.aws, deployed.stack.state_machine_arn, 50)
        return [one.name for one in newest if one.name.startswith(incomplete)]
    return []


PipelineName = Annotated[
    str,
    typer.Argument(
        metavar="PIPELINE",
        help="<environment>/<pipeline>, the file's path, or the name alone if it is unique.",
        autocompletion=complete_pipeline,
    ),
]
Base = Annotated[str, typer.Option(metavar="REV", help="The revision to compare with.")]
Head = Annotated[str | None, typer.Option(metavar="REV", help="The revision to compare. Default: the working tree.")]
PriceFile = Annotated[
    Path | None,
    typer.Option("--prices", metavar="FILE", help="A JSON file with your prices, to replace the built-in table."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def load(name: str) -> tuple[PipelineRef, Pipeline]:
    """Loads the pipeline named on the command line. Raises PipelineNotFound or InvalidPipeline."""
    from refit.pipeline import files as pipeline

    ref = Project.here().find(name)
    return ref, pipeline.load(ref)


def find_deployed(name: str) -> PipelineRef:
    """The pipeline named on the command line, whose file may have problems: warns of them, in one line.

    For commands that use what is deployed, and of the file only names. Raises PipelineNotFound; InvalidPipeline if the
    name of the file is not that of a pipeline.
    """
    from refit.pipeline import salvage
    from refit.report.narrator import Narrator

    ref = Project.here().find(name)
    if warning := salvage.load(ref).warning:
        Narrator().say(f"warning: {warning}")
    return ref


def parse_time(text: str, option: str = "--time") -> datetime:
    """Parses an ISO 8601 time. Raises RefitError if the time zone is missing, because a run's day depends on it."""
    with suppress(ValueError, OverflowError):
        time = datetime.fromisoformat(text)
        if time.tzinfo and time.astimezone(UTC):  # raises OverflowError at the ends of the calendar
            return time
    raise RefitError(f"{option} {text} is not a time with a time zone", "write 2026-11-22T06:00:00Z")


def parse_commit(text: str) -> str:
    """Parses a commit's hash, full or abbreviated. Raises RefitError."""
    if re.fullmatch(r"[0-9a-f]{7,64}", text):
        return text
    raise RefitError(f"--commit {text} is not the hash of a commit", "write what this prints: git rev-parse HEAD")


def parse_day(text: str, option: str) -> date:
    """Parses a strict YYYY-MM-DD date. Raises RefitError."""
    with suppress(ValueError):
        day = date.fromisoformat(text)
        # fromisoformat also reads 20261122 and 2026-W47-7.
        if day.isoformat() == text:
            return day
    raise RefitError(f"{option} {text} is not a date", "write it as YYYY-MM-DD, such as 2026-11-22")


def parse_window(text: str) -> tuple[date, date]:
    """Parses `START..END`, both inclusive. Raises RefitError for any other form, or if the end is before the start."""
    start, separator, end = text.partition("..")
    if not separator:
        raise RefitError(f"--window {text} is not a window", "write it as 2026-11-16..2026-11-22 (inclusive)")
    window = parse_day(start, "--window"), parse_day(end, "--window")
    if window[0] > window[1]:
        raise RefitError(f"--window {text} ends before it starts", f"write {end}..{start}")
    if window[1] == date.max:  # a window ends at the start of the next day
        raise RefitError(f"--window {text} ends too late", "write the last day of the data")
    return window

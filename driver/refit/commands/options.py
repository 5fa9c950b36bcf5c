"""The arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from driver import pipeline
from driver.project import PipelineRef, Project

PipelineName = Annotated[
    str,
    typer.Argument(metavar="PIPELINE", help="<environment>/<pipeline>, its file, or the bare name if only one has it."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def load(name: str) -> tuple[PipelineRef, pipeline.Pipeline]:
    """The pipeline that the command line names. Raises PipelineNotFound or InvalidPipeline."""
    ref = Project.here().find(name)
    return ref, pipeline.load(ref)

"""`refit build`: builds the artifacts that Terraform deploys."""

from __future__ import annotations

from typing import Annotated

import typer

from refit.commands.options import AsJson, complete_pipeline
from refit.commands.output import emit
from refit.project import Project

app = typer.Typer()


@app.command()
def build(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PIPELINE", help="The pipelines to build. Default: all.", autocompletion=complete_pipeline
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build the artifacts that Terraform deploys. Writes each build/<environment>/<pipeline>/ atomically.

    Example: refit build local/home-prices
    """
    from refit.artifacts import build as build_command
    from refit.report.spinner import working

    project = Project.here()
    refs = [project.find(name) for name in names or []]
    with working("building"):
        built = [build_command.build(ref) for ref in refs] if refs else build_command.build_all(project)
    if as_json:
        emit(built)
        return
    for result in built:
        folder = result.directory.relative_to(project.root)
        print(f"{folder}: {result.states} states, {result.lambdas_size} bytes of Lambdas")

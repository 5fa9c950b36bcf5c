"""`refit status`, `refit logs`: how pipelines stand, and what a run said."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from driver.cli.options import AsJson, PipelineName
from driver.cli.output import emit
from driver.commands import logs as logs_command
from driver.commands import status as status_command
from driver.project import Project
from driver.report import logs as logs_report
from driver.report import status as status_report

app = typer.Typer()


@app.command()
def status(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="PIPELINE", help="The pipelines to look at; all by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Says how pipelines stand. Newest data, last run, endpoint, drift; ends with 1 if one cannot be looked at.

    Example: refit status prod/home-prices
    """
    statuses = status_command.status(Project.here(), names or [])
    if as_json:
        emit([one.document() for one in statuses])
    else:
        console = Console(highlight=False)
        console.print(status_report.page(statuses, console.width))
    sys.exit(0 if all(one.known for one in statuses) else 1)


@app.command()
def logs(
    name: PipelineName,
    run: Annotated[str | None, typer.Argument(help="The run's name or ARN; the newest by default.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many lines of each source.")] = logs_command.LIMIT,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Prints what a run said. Its states, its Lambdas and its training job, in the order of time.

    Example: refit logs prod/home-prices
    """
    log = logs_command.logs(Project.here().find(name), run, limit)
    for line in logs_report.json_lines(log) if as_json else logs_report.text(log):
        print(line)

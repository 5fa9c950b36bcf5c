"""`refit status`: shows the status of pipelines."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from refit.commands.options import AsJson, complete_pipeline
from refit.commands.output import emit
from refit.project import Project

app = typer.Typer()


@app.command()
def status(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PIPELINE", help="The pipelines to show. Default: all.", autocompletion=complete_pipeline
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the status of pipelines. Includes data, last run and endpoint; exits with 1 if one cannot be read.

    Says whether the live state machine and endpoint match the pipeline file, in the working tree and with its
    uncommitted changes. For everything that Terraform manages, such as roles and alarms: refit drift PIPELINE.

    Example: refit status prod/home-prices
    """
    from refit.live import status as status_command
    from refit.report import status as status_report
    from refit.report.console import SafeConsole
    from refit.report.spinner import working

    with working("reading the status"):
        statuses = status_command.status(Project.here(), names or [])
    if as_json:
        emit([one.document() for one in statuses])
    else:
        console = SafeConsole()
        console.print(status_report.page(statuses, console.width))
    sys.exit(0 if all(one.known for one in statuses) else 1)

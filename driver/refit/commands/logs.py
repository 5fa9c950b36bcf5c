"""`refit logs`: shows the logs of a run."""

from __future__ import annotations

from typing import Annotated

import typer

from refit.commands.options import PipelineName
from refit.project import Project

app = typer.Typer()

LIMIT = 5_000


@app.command()
def logs(
    name: PipelineName,
    run: Annotated[
        str | None, typer.Argument(metavar="RUN", help="The run's name or ARN. Default: the newest run.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Maximum number of lines per source.")] = LIMIT,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per line.")] = False,
) -> None:
    """Show the logs of a run. Merges its states, Lambdas and training job in chronological order.

    Example: refit logs prod/home-prices
    """
    from refit.report import logs as logs_report
    from refit.runs import logs as logs_command

    log = logs_command.logs(Project.here().find(name), run, limit)
    for line in logs_report.json_lines(log) if as_json else logs_report.text(log):
        print(line)

"""`refit logs`."""

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
    run: Annotated[str | None, typer.Argument(help="The run's name or ARN; the newest by default.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many lines of each source.")] = LIMIT,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Prints what a run said. Its states, its Lambdas and its training job, in the order of time.

    Example: refit logs prod/home-prices
    """
    from refit.report import logs as logs_report
    from refit.runs import log_query

    log = log_query.logs(Project.here().find(name), run, limit)
    for line in logs_report.json_lines(log) if as_json else logs_report.text(log):
        print(line)

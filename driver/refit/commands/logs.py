"""`refit logs`: shows the logs of a run."""

from __future__ import annotations

from typing import Annotated

import typer

from refit.commands.options import RUN, PipelineName, complete_run, find_deployed

app = typer.Typer()

LIMIT = 5_000


@app.command()
def logs(
    name: PipelineName,
    run: Annotated[
        str | None,
        typer.Argument(metavar="RUN", help=f"{RUN} Default: the newest run.", autocompletion=complete_run),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Maximum number of lines per source.")] = LIMIT,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Print new lines until the run has ended.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per line.")] = False,
) -> None:
    """Show the logs of a run. Merges its states, Lambdas and training job in chronological order.

    Example: refit logs prod/home-prices
    """
    from refit.report import logs as logs_report
    from refit.runs import logs as logs_command

    ref = find_deployed(name)
    for log in logs_command.followed(ref, run, limit) if follow else [logs_command.logs(ref, run, limit)]:
        for line in logs_report.json_lines(log) if as_json else logs_report.text(log):
            print(line, flush=follow)

"""`refit history`: what runs did."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from refit.commands.options import AsJson, PipelineName
from refit.commands.output import emit
from refit.project import Project

app = typer.Typer()


@app.command()
def history(
    name: PipelineName,
    run: Annotated[str | None, typer.Argument(metavar="RUN", help="One run in full, by its name or ARN.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many runs, the newest.")] = 20,
    price_file: Annotated[
        Path | None, typer.Option("--prices", help="Your prices, as JSON, in place of the built-in table.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Shows what runs did. When, on which days, how good the model was, what it cost; and which run serves now.

    Example: refit history prod/home-prices
    """
    from rich.console import Console

    from refit.costs import prices
    from refit.report import history as history_report
    from refit.runs import history_query

    ref = Project.here().find(name)
    table = prices.load(price_file) if price_file else prices.PRICES
    found = history_query.run(ref, run, table) if run else history_query.history(ref, limit, table)
    if as_json:
        emit(found.runs[0].document() if run else found.document())
        return
    console = Console(highlight=False)
    console.print(history_report.run_page(found) if run else history_report.page(found, console.width))

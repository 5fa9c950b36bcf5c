"""`refit history`: shows past runs and what they did."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from refit.commands.options import RUN, AsJson, PipelineName, PriceFile, complete_run, find_deployed
from refit.commands.output import emit

app = typer.Typer()


@app.command()
def history(
    name: PipelineName,
    run: Annotated[
        str | None, typer.Argument(metavar="RUN", help=f"Show one run in full. {RUN}", autocompletion=complete_run)
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, max=1000, metavar="N", help="Maximum number of runs, newest first.")
    ] = 20,
    price_file: PriceFile = None,
    as_json: AsJson = False,
) -> None:
    """Show past runs. Lists windows, metrics, decisions and costs, and which run's model is live.

    Example: refit history prod/home-prices
    """
    from refit.costs import prices
    from refit.report import history as history_report
    from refit.report.console import SafeConsole
    from refit.runs import history as history_command

    ref = find_deployed(name)
    table = prices.load(price_file) if price_file else prices.PRICES
    found = history_command.run(ref, run, table) if run else history_command.history(ref, limit, table)
    if as_json:
        emit(found.runs[0].document() if run else found.document())
        return
    if not run and not sys.stdout.isatty():
        for line in history_report.tsv(found):
            print(line)
        return
    console = SafeConsole()
    console.print(history_report.run_page(found) if run else history_report.page(found, console.width))

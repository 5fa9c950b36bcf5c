"""`refit backfill`: trains models on past windows, so that you can compare them."""

from __future__ import annotations

from typing import Annotated

import typer

from refit.commands.options import AsJson, PipelineName, PriceFile, parse_day
from refit.commands.output import emit
from refit.project import Project

app = typer.Typer()


@app.command()
def backfill(
    name: PipelineName,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="Last day of the first window.")],
    last: Annotated[
        str, typer.Option("--to", metavar="DATE", help="Last day of the last window, if it falls on a step.")
    ],
    step: Annotated[
        int, typer.Option(min=1, metavar="N", help="Train a window every N days, from --from up to --to.")
    ] = 1,
    deploy_last: Annotated[
        bool, typer.Option("--deploy-last", help="Deploy the last window's model, as any run does.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Retrain windows that failed or whose data has changed.")
    ] = False,
    plan_only: Annotated[bool, typer.Option("--plan", help="Show what would be trained, without starting it.")] = False,
    price_file: PriceFile = None,
    as_json: AsJson = False,
) -> None:
    """Train models on past windows. Trains each once, in order, without deploying; exits with 1 if a window failed.

    Example: refit backfill prod/home-prices --from 2026-09-06 --to 2026-11-22 --step 7
    """
    from refit.costs import prices
    from refit.report import backfill as backfill_report
    from refit.report.console import SafeConsole
    from refit.report.narrator import Narrator
    from refit.runs.backfill import train
    from refit.runs.backfill.windows import BackfillRequest

    ref = Project.here().find(name)
    request = BackfillRequest(parse_day(first, "--from"), parse_day(last, "--to"), step, deploy_last, again)
    table = prices.load(price_file) if price_file else prices.PRICES
    planned = train.plan(ref, request, table)
    if plan_only:
        if as_json:
            emit(planned.document())
        else:
            print("\n".join(backfill_report.lines(planned)))
        return
    narrator = Narrator()
    for line in backfill_report.lines(planned):
        narrator.say(line)
    with narrator.working("waiting for the runs"):
        done = train.train(ref, planned, table, report=narrator.say)
    if as_json:
        emit(done.document())
    else:
        SafeConsole().print(backfill_report.page(done))
    if done.error:
        raise done.error

"""`refit history`, `rollback`, `release`, `approve`, `reject`: what runs did, and what people decide about them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from driver import prices
from driver.cli.options import AsJson, PipelineName
from driver.cli.output import emit
from driver.commands import approval as approval_command
from driver.commands import history as history_command
from driver.commands import release as release_command
from driver.commands import rollback as rollback_command
from driver.project import PipelineRef, Project
from driver.report import history as history_report
from driver.report import rollback as rollback_report
from driver.report.narrator import Narrator
from lambdas.hold import told

app = typer.Typer()

WaitingRun = Annotated[
    str | None, typer.Argument(metavar="RUN", help="The run's name or ARN; by default the one that waits.")
]


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
    ref = Project.here().find(name)
    table = prices.load(price_file) if price_file else prices.PRICES
    found = history_command.run(ref, run, table) if run else history_command.history(ref, limit, table)
    if as_json:
        emit(found.runs[0].document() if run else found.document())
        return
    console = Console(highlight=False)
    console.print(history_report.run_page(found) if run else history_report.page(found, console.width))


@app.command()
def rollback(
    name: PipelineName,
    to: Annotated[
        str | None, typer.Option(metavar="RUN", help="The run whose model to put back; by default the one before.")
    ] = None,
    hold: Annotated[
        bool, typer.Option("--hold", help="Let no run replace it until `refit release`, whatever data arrives.")
    ] = False,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="With --hold: why, for those who find it.")] = "",
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Follow the run to its end.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Begin a rollback anew that failed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Puts an earlier model back. By a run, with the guardrails of any deployment; ends with 1 if that failed.

    Example: refit rollback prod/home-prices --hold --reason "flats are off"
    """
    ref = Project.here().find(name)
    done = rollback_command.rollback_to(
        ref, to=to, hold=hold, reason=reason, wait=wait, again=force, say=Narrator().say
    )
    if as_json:
        emit(done.document())
    else:
        for line in rollback_report.lines(done):
            print(line)


@app.command()
def release(name: PipelineName) -> None:
    """Ends a hold. From then on, runs may replace the model again.

    Example: refit release prod/home-prices
    """
    ref = Project.here().find(name)
    ended = release_command.release(ref)
    print(f"{ref.key}: released; it was {told(ended)}" if ended else f"{ref.key}: nobody holds it")


@app.command()
def approve(
    name: PipelineName,
    run: WaitingRun = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for the record.")] = "",
    as_json: AsJson = False,
) -> None:
    """Lets a waiting run deploy. Its model goes live, with the guardrails of any deployment.

    Example: refit approve prod/home-prices
    """
    _answer(Project.here().find(name), run, reason, approved=True, as_json=as_json)


@app.command()
def reject(
    name: PipelineName,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for the record and for Slack.")],
    run: WaitingRun = None,
    as_json: AsJson = False,
) -> None:
    """Lets a waiting run end without deploying. The model that serves stays.

    Example: refit reject prod/home-prices --reason "trained on bad days"
    """
    _answer(Project.here().find(name), run, reason, approved=False, as_json=as_json)


def _answer(ref: PipelineRef, run: str | None, reason: str, *, approved: bool, as_json: bool) -> None:
    done = approval_command.answer(ref, run, approved=approved, reason=reason)
    if as_json:
        emit(done.document())
    else:
        verdict = "approved" if approved else "rejected"
        print(f"{done.pipeline}: {done.run} {verdict} by {done.by}; it is in {done.state}")

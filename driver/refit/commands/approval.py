"""`refit approve`, `refit reject`."""

from __future__ import annotations

from typing import Annotated

import typer

from refit.commands.options import AsJson, PipelineName
from refit.commands.output import emit
from refit.project import PipelineRef, Project

app = typer.Typer()


WaitingRun = Annotated[
    str | None, typer.Argument(metavar="RUN", help="The run's name or ARN; by default the one that waits.")
]


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
    from refit.runs import answer

    done = answer.answer(ref, run, approved=approved, reason=reason)
    if as_json:
        emit(done.document())
    else:
        verdict = "approved" if approved else "rejected"
        print(f"{done.pipeline}: {done.run} {verdict} by {done.by}; it is in {done.state}")

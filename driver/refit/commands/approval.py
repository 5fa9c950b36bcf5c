"""`refit approve` and `refit reject`: approve or reject a run that waits for approval."""

from __future__ import annotations

from typing import Annotated

import typer

from refit.commands.options import RUN, AsJson, PipelineName, complete_run, find_deployed
from refit.commands.output import emit
from refit.errors import RefitError
from refit.project import PipelineRef

app = typer.Typer()

WaitingRun = Annotated[
    str | None,
    typer.Argument(metavar="RUN", help=f"{RUN} Default: the run that waits for approval.", autocompletion=complete_run),
]


@app.command()
def approve(
    name: PipelineName,
    run: WaitingRun = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Reason, stored in the run record.")] = "",
    as_json: AsJson = False,
) -> None:
    """Approve a pending run. Its model is deployed with the usual guardrails.

    Example: refit approve prod/home-prices
    """
    _answer(find_deployed(name), run, reason, approved=True, as_json=as_json)


@app.command()
def reject(
    name: PipelineName,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Reason, stored in the run record and sent to Slack.")],
    run: WaitingRun = None,
    as_json: AsJson = False,
) -> None:
    """Reject a pending run. It ends without deploying its model; the live model stays in service.

    Example: refit reject prod/home-prices --reason "trained on bad days"
    """
    if not reason.strip():
        raise RefitError("--reason is empty", "write why the model is rejected, for the run record and Slack")
    _answer(find_deployed(name), run, reason, approved=False, as_json=as_json)


def _answer(ref: PipelineRef, run: str | None, reason: str, *, approved: bool, as_json: bool) -> None:
    from refit.runs import approval

    done = approval.answer(ref, run, approved=approved, reason=reason)
    if as_json:
        emit(done.document())
    else:
        verdict = "approved" if approved else "rejected"
        print(f"{done.pipeline}: {done.run} {verdict} by {done.by}; the run is now in state {done.state}")

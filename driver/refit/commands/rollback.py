"""`refit rollback`: restores an earlier model."""

from __future__ import annotations

from typing import Annotated

import typer

from refit.commands.options import AsJson, PipelineName, find_deployed
from refit.commands.output import emit

app = typer.Typer()


@app.command()
def rollback(
    name: PipelineName,
    to: Annotated[
        str | None, typer.Option(metavar="RUN", help="The run whose model to restore. Default: the previous model.")
    ] = None,
    hold: Annotated[
        bool, typer.Option("--hold", help="Pin the model: no run replaces it until `refit release`.")
    ] = False,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Reason for the hold, shown to your colleagues.")] = "",
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until the run ends.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Retry a failed rollback.")] = False,
    as_json: AsJson = False,
) -> None:
    """Restore an earlier model. Deploys it in a run, with the usual guardrails; exits with 1 if the run failed.

    Example: refit rollback prod/home-prices --hold --reason "flats are off"
    """
    from refit.report import rollback as rollback_report
    from refit.report.narrator import Narrator
    from refit.runs import rollback as rollback_command

    ref = find_deployed(name)
    narrator = Narrator()
    with narrator.working("waiting for the run" if wait else "starting the run"):
        done = rollback_command.rollback_to(
            ref, to=to, hold=hold, reason=reason, wait=wait, retry_failed=force, report=narrator.say
        )
    if as_json:
        emit(done.document())
    else:
        for line in rollback_report.lines(done):
            print(line)

"""`refit rollback`."""

from __future__ import annotations

from typing import Annotated

import typer

from refit.commands.options import AsJson, PipelineName
from refit.commands.output import emit
from refit.project import Project

app = typer.Typer()


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
    from refit.report import rollback as rollback_report
    from refit.report.narrator import Narrator
    from refit.runs import rollback as rollback_command

    ref = Project.here().find(name)
    done = rollback_command.rollback_to(
        ref, to=to, hold=hold, reason=reason, wait=wait, again=force, say=Narrator().say
    )
    if as_json:
        emit(done.document())
    else:
        for line in rollback_report.lines(done):
            print(line)

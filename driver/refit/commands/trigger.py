"""`refit trigger`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from refit.commands.options import AsJson, parse_window
from refit.commands.output import emit
from refit.errors import RefitError
from refit.project import Project

app = typer.Typer()


@app.command()
def trigger(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="PIPELINE", help="These pipelines; with --base, of those changed."),
    ] = None,
    base: Annotated[str | None, typer.Option(metavar="REV", help="Start what changed since this revision.")] = None,
    window: Annotated[
        str | None, typer.Option(help="Train on these days instead, both included.", metavar="START..END")
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Retrain although nothing is new; begin anew what failed, or is named."),
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Follow the runs to their end.")] = False,
    to_summary: Annotated[bool, typer.Option("--summary", help="Write the workflow step's summary too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Starts announced runs, each once. Running it again finds the same runs; ends with 1 if one failed.

    With --base a run is of the day of the commit; asked for by name it is of today.

    Example: refit trigger --base HEAD~1 --wait
    """
    from refit import github
    from refit.plan import trigger as trigger_command
    from refit.plan import trigger_plan
    from refit.report.narrator import Narrator
    from refit.report.workflow_summary import summary

    if base is None and not names:
        raise RefitError("nothing to start", "write the pipelines, or --base with the revision to compare with")
    project = Project.here()
    planned = trigger_plan.announced(
        project,
        base,
        names or [],
        window=parse_window(window) if window else None,
        force=force,
        asked_at=datetime.now(UTC),
    )
    triggered = trigger_command.trigger(
        project, planned, wait=wait, again=force, anew=force and base is None, say=Narrator().say
    )
    if to_summary:
        github.append_summary(summary(triggered))
    if as_json:
        emit(triggered.document())
    else:
        for result in triggered.results:
            print(" ".join(filter(None, (result.pipeline, result.run, result.outcome or result.how))))
    if triggered.error:
        raise triggered.error

"""`refit trigger`: starts the runs that a change requires, and runs of pipelines by name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from refit.commands.options import AsJson, complete_pipeline, parse_window
from refit.commands.output import emit
from refit.errors import PipelineHeld, RefitError
from refit.project import Project

app = typer.Typer()


@app.command()
def trigger(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PIPELINE",
            help="The pipelines to run. With --base: only those that changed.",
            autocompletion=complete_pipeline,
        ),
    ] = None,
    base: Annotated[
        str | None, typer.Option(metavar="REV", help="Run the pipelines that changed since this revision.")
    ] = None,
    window: Annotated[
        str | None, typer.Option(help="Train on these days instead (inclusive).", metavar="START..END")
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Retrain even without new data, and restart failed runs."),
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until the runs end.")] = False,
    accept_hold: Annotated[
        bool, typer.Option("--accept-hold", help="Exit with 0, not 3, if a user holds a pipeline.")
    ] = False,
    to_summary: Annotated[
        bool, typer.Option("--summary", help="Also write a step summary (in GitHub Actions).")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Start runs by name, or those that a change requires. Exits with 1 if a run failed, or 3 if one is held.

    With --base, each run starts once, so it is safe to repeat, and windows end on the commit's date. By name, each call
    starts a run, unless the one of an earlier call is still running; its window ends today, and it trains if there is
    new data.

    Example: refit trigger --base HEAD~1 --wait
    """
    from refit import github
    from refit.plan import trigger as trigger_command
    from refit.plan import trigger_plan
    from refit.report.narrator import Narrator
    from refit.report.workflow_summary import summary

    if base is None and not names:
        raise RefitError("nothing to start", "name the pipelines, or write --base with the revision to compare with")
    project = Project.here()
    planned = trigger_plan.announced(
        project,
        base,
        names or [],
        window=parse_window(window) if window else None,
        force=force,
        requested_at=datetime.now(UTC),
    )
    narrator = Narrator()
    if planned.base and not planned.pipelines:
        narrator.say(f"no pipeline changed since {planned.base.short}; uncommitted changes do not count")
    with narrator.working("waiting for the runs" if wait else "starting the runs"):
        triggered = trigger_command.trigger(
            project,
            planned,
            wait=wait,
            retry_failed=force or base is None,
            restart_succeeded=base is None,
            report=narrator.say,
        )
    if to_summary:
        github.append_summary(summary(triggered))
    if as_json:
        emit(triggered.document())
    else:
        for result in triggered.results:
            print(" ".join(filter(None, (result.pipeline, result.run, result.outcome or result.how))))
    error = triggered.error
    if accept_hold and isinstance(error, PipelineHeld):
        narrator.say(f"{error}; {error.hint}")
    elif error:
        raise error

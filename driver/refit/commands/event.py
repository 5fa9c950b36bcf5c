"""`refit event`: prints the input of a run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from refit.commands import options
from refit.commands.output import emit
from refit.errors import RefitError

app = typer.Typer()


@app.command()
def event(
    time: Annotated[str | None, typer.Option(help="Time of the event. Default: now.", metavar="ISO8601")] = None,
    window: Annotated[
        str | None, typer.Option(help="Train on these days instead (inclusive).", metavar="START..END")
    ] = None,
    commit: Annotated[str | None, typer.Option(help="Commit that requested the run.", metavar="SHA")] = None,
    force: Annotated[bool, typer.Option("--force", help="Retrain even without new data.")] = False,
    train_only: Annotated[bool, typer.Option("--train-only", help="Train without deploying.")] = False,
    redeploy: Annotated[
        bool, typer.Option("--redeploy", help="Deploy the live model with the endpoint's new settings; train nothing.")
    ] = False,
    rollback: Annotated[
        str | None, typer.Option(help="Deploy this model of an earlier run; train nothing.", metavar="MODEL")
    ] = None,
) -> None:
    """Print the input of a scheduled run. Pass it to Step Functions to start a run yourself.

    Example: aws stepfunctions start-execution --state-machine-arn ARN --input "$(refit event)"
    """
    from refit.domain import run_request

    moment = options.parse_time(time) if time else datetime.now(UTC)
    days = options.parse_window(window) if window else None
    try:
        found = run_request.event(
            moment,
            window=days,
            commit=options.parse_commit(commit) if commit else None,
            force=force,
            train_only=train_only,
            redeploy=redeploy,
            rollback=rollback,
        )
    except ValueError as error:
        raise RefitError(*error.args) from error
    emit(found)

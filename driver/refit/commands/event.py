"""`refit event`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from refit.commands import options
from refit.commands.output import emit

app = typer.Typer()


@app.command()
def event(
    time: Annotated[str | None, typer.Option(help="The event's instant; now by default.", metavar="ISO8601")] = None,
    window: Annotated[
        str | None, typer.Option(help="Train on these days instead, both included.", metavar="START..END")
    ] = None,
    commit: Annotated[str | None, typer.Option(help="The commit that asked for the run.", metavar="SHA")] = None,
    force: Annotated[bool, typer.Option("--force", help="Retrain although no newer day has arrived.")] = False,
    train_only: Annotated[bool, typer.Option("--train-only", help="Train, and deploy nothing.")] = False,
    redeploy: Annotated[
        bool, typer.Option("--redeploy", help="Train nothing; put the model on the endpoint's new settings.")
    ] = False,
    rollback: Annotated[
        str | None, typer.Option(help="Train nothing; deploy this model of an earlier run again.", metavar="MODEL")
    ] = None,
) -> None:
    """Prints a scheduled event, to start a run. What it carries is what the daily schedule sends.

    Example: aws stepfunctions start-execution --state-machine-arn ARN --input "$(refit event)"
    """
    from refit.runs import event as event_command

    emit(
        event_command.event(
            options.parse_time(time) if time else datetime.now(UTC),
            window=options.parse_window(window) if window else None,
            commit=commit,
            force=force,
            train_only=train_only,
            redeploy=redeploy,
            rollback=rollback,
        )
    )

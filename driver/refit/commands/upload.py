"""`refit upload`, `refit event`, `refit predict`: data in, runs by hand, answers out."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from driver import target
from driver.cli.options import AsJson, PipelineName, load
from driver.cli.output import emit
from driver.commands import event as event_command
from driver.commands import predict as predict_command
from driver.commands import upload as upload_command
from driver.endpoint import ask
from driver.stack import Stack
from lambdas.figures import counted

app = typer.Typer()


@app.command()
def upload(
    name: PipelineName,
    file: Annotated[Path, typer.Argument(help="A CSV: headerless and label first, or with a header and --label.")],
    day: Annotated[str, typer.Option(help="The day of the data, or the last one with --days.", metavar="YYYY-MM-DD")],
    days: Annotated[int, typer.Option(help="Split the rows over this many days.", min=1)] = 1,
    label: Annotated[str | None, typer.Option(help="The label's column, in a file with a header.")] = None,
    seed: Annotated[int | None, typer.Option(help="Shuffle the rows by this seed first.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write days again that have data.")] = False,
    as_json: AsJson = False,
) -> None:
    """Uploads a CSV as days of data. A day that has data is refused, unless --replace says otherwise.

    Example: refit upload local/home-prices examples/boston-housing.csv --label medv --days 7 --day 2026-11-22
    """
    ref, pipeline = load(name)
    last_day = event_command.parse_day(day, "--day")
    aws = target.connect(ref, pipeline)
    uploaded = upload_command.upload(
        aws,
        Stack.of(pipeline, aws),
        file,
        feature_dim=pipeline.data.feature_dim,
        last_day=last_day,
        days=days,
        label=label,
        seed=seed,
        replace=replace,
    )
    if as_json:
        emit(uploaded)
        return
    for item in uploaded:
        print(f"{item.uri}  {counted(item.rows, 'row')}, {counted(item.size, 'byte')}")


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
    emit(
        event_command.event(
            event_command.parse_time(time) if time else datetime.now(UTC),
            window=event_command.parse_window(window) if window else None,
            commit=commit,
            force=force,
            train_only=train_only,
            redeploy=redeploy,
            rollback=rollback,
        )
    )


# A negative first feature is a row, not an option.
@app.command(context_settings={"ignore_unknown_options": True})
def predict(
    name: PipelineName,
    rows: Annotated[
        list[str] | None, typer.Argument(help="Rows of features, comma-separated, without the label.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="Read the rows from this file; - is standard input.")] = None,
    as_json: AsJson = False,
) -> None:
    """Asks the endpoint of a pipeline. Prints one prediction a line, a classifier's label after its scores.

    Example: refit predict local/home-prices 0.02731,0,7.07,0,0.469,6.421,78.9,4.9671,2,242,17.8,396.9,9.14
    """
    ref, pipeline = load(name)
    asked = predict_command.read_rows(rows or [], file, sys.stdin, pipeline.data.feature_dim)
    predictions = ask(target.connect(ref, pipeline), pipeline.endpoint_name, asked)
    if as_json:
        emit(predictions)
        return
    for prediction in predictions:
        print(prediction)

"""`refit upload`: uploads a CSV file as days of data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from refit.commands import options
from refit.commands.options import AsJson, PipelineName, load
from refit.commands.output import emit
from refit.errors import NotFound

app = typer.Typer()


@app.command()
def upload(
    name: PipelineName,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV file: no header and label first, or a header and --label.")
    ],
    day: Annotated[str, typer.Option(help="Day of the data; with --days, the last day.", metavar="YYYY-MM-DD")],
    days: Annotated[int, typer.Option(metavar="N", help="Split the rows over this many days.", min=1)] = 1,
    label: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Name of the label's column, in a file with a header.")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Shuffle the rows with this seed first.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite days that have data.")] = False,
    as_json: AsJson = False,
) -> None:
    """Upload a CSV file as days of data. Rejects a day that already has data, unless --replace is given.

    Example: refit upload local/home-prices examples/boston-housing.csv --label medv --days 7 --day 2026-11-22
    """
    from refit.aws import target
    from refit.aws.stack import Stack
    from refit.data import upload as upload_command
    from refit.domain.formatting import counted

    ref, pipeline = load(name)
    last_day = options.parse_day(day, "--day")
    aws = target.connect(ref, pipeline)
    try:
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
    except NotFound as error:
        raise NotFound(str(error), f"apply the pipeline first: refit terraform apply {ref.key}") from None
    if as_json:
        emit(uploaded)
        return
    for item in uploaded:
        print(f"{item.uri}  {counted(item.rows, 'row')}, {counted(item.size, 'byte')}")
    print(f"next, train on it: refit trigger {ref.key} --wait", file=sys.stderr)

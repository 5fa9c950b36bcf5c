"""`refit upload`: data in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from refit.commands import options
from refit.commands.options import AsJson, PipelineName, load
from refit.commands.output import emit

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
    from refit.aws import target
    from refit.aws.stack import Stack
    from refit.data import upload as upload_command
    from refit.domain.formatting import counted

    ref, pipeline = load(name)
    last_day = options.parse_day(day, "--day")
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

"""`refit upload`: uploads CSV files as days of data."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
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
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="CSV files, or folders of them: no header and label first, or a header and --label. "
            "Without --day and --date-column, their names have the day: 2026-11-22.csv, 2026-11-22/part-0.csv.",
        ),
    ],
    day: Annotated[
        str | None, typer.Option(help="Day of the data; with --days, the last day.", metavar="YYYY-MM-DD")
    ] = None,
    date_column: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Name of the column with the day of each row.")
    ] = None,
    label: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Name of the label's column, in a file with a header.")
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN", help="Leave out this column; repeat for others.")
    ] = None,
    days: Annotated[
        int,
        typer.Option(metavar="N", help="For demos: split the rows over this many days.", min=1),
    ] = 1,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Shuffle the rows with this seed first.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite days that have data.")] = False,
    to_data_bucket: Annotated[
        bool, typer.Option("--to-data-bucket", help="Write to data.bucket, which is not the stack's own bucket.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Upload CSV files as days of data. Checks all rows first, and rejects a day that already has data.

    Example: refit upload local/home-prices examples/boston-housing.csv --label medv --days 7 --day 2026-11-22
    """
    from refit.aws import target
    from refit.aws.stack import Stack
    from refit.data.csv_columns import Columns
    from refit.data.upload import Uploaded, put_days, refuse_existing_bucket, require_csv
    from refit.data.upload_days import Assignment, by_day
    from refit.domain.formatting import counted
    from refit.report.spinner import working

    def show(item: Uploaded) -> None:
        print(f"{item.uri}  {counted(item.rows, 'row')}, {counted(item.size, 'byte')}", flush=True)

    ref, pipeline = load(name)
    if not to_data_bucket:
        refuse_existing_bucket(pipeline.data)
    require_csv(pipeline.data.data_format, pipeline.data.key_layout, datetime.now(UTC).date())
    last_day = options.parse_day(day, "--day") if day is not None else None
    assignment = Assignment(Columns(label, date_column, tuple(drop or ())), last_day, days, seed)
    with working("reading the rows"):
        rows = by_day(files, pipeline.data.feature_dim, assignment, pipeline.contract)
    aws = target.connect(ref, pipeline)
    on_written = (lambda _: None) if as_json else show
    try:
        uploaded = put_days(aws, Stack.of(pipeline, aws), rows, replace=replace, on_written=on_written)
    except NotFound as error:
        hint = (
            "correct data.bucket"
            if pipeline.data.bucket
            else f"apply the pipeline first: refit terraform apply {ref.key}"
        )
        raise NotFound(str(error), hint) from None
    if as_json:
        emit(uploaded)
        return
    print(f"next, train on it: refit trigger {ref.key} --wait", file=sys.stderr)

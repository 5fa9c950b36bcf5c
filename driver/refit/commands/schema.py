"""`refit schema`: writes the data contract of a pipeline."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from refit.commands.options import AsJson, complete_pipeline, load
from refit.commands.quick_group import QuickGroup
from refit.errors import RefitError

if TYPE_CHECKING:
    from refit.domain.data_contract import Column

app = typer.Typer(cls=QuickGroup, help="Write data contracts (data.schema).", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep `infer` a command of a group, although it is the only one."""


@app.command()
def infer(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|PIPELINE",
            help="A file of CSV, Parquet or JSON lines, or a pipeline whose window has data.",
            autocompletion=complete_pipeline,
        ),
    ],
    label: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column of FILE that is the label. Default: the first.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write to this file; X.json is a file for data.schema_file. Default: standard output."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Infer data.schema from data: types, ranges with room, missing values, and the values of a column with few.

    With --output home-prices.schema.json it writes the file that data.schema_file names.

    Example: refit schema infer examples/boston-housing.csv --label medv
    """
    from refit.data import schema
    from refit.report.spinner import working

    path = Path(source)
    if label is not None and not path.is_file():
        raise RefitError("--label names a column of a file, not of a pipeline", "leave out --label")
    with working("reading the data"):
        columns = schema.of_file(path, label) if _is_data(path) else _of_pipeline(source)
    as_file = output is not None and output.suffix == ".json" and not as_json
    if as_file:
        text = schema.json_file(columns)
    else:
        document = {"feature_dim": len(columns) - 1, "schema": schema.fields(columns)}
        text = f"{json.dumps(document, indent=2, ensure_ascii=False)}\n" if as_json else schema.hcl(columns)
    if output is None:
        print(text, end="")
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise RefitError(f"{output}: {error.strerror}", "give another path") from error
    paste = "paste it into data"
    if as_file and output is not None:
        paste = f'write schema_file = "{output.name}" in the data of a pipeline file next to it'
    print(f"{paste}, with feature_dim = {len(columns) - 1}", file=sys.stderr)


def _is_data(path: Path) -> bool:
    return path.is_file() and path.suffix != ".tfvars"


def _of_pipeline(name: str) -> list[Column]:
    from refit.aws import target
    from refit.aws.stack import Stack
    from refit.data import schema
    from refit.domain.window import window_of

    ref, pipeline = load(name)
    aws = target.connect(ref, pipeline)
    window = window_of(pipeline.window.settings, datetime.now(UTC))
    format = pipeline.contract.format if pipeline.contract else "csv"
    return schema.of_window(aws, Stack.of(pipeline, aws), window, pipeline.contract, format)

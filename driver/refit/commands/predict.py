"""`refit predict`: gets predictions from a pipeline's endpoint."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from refit.commands.options import AsJson, PipelineName, load
from refit.commands.output import emit

app = typer.Typer()


# A negative first feature is a row, not an option.
@app.command(context_settings={"ignore_unknown_options": True})
def predict(
    name: PipelineName,
    rows: Annotated[
        list[str] | None, typer.Argument(metavar="ROW", help="Rows of features, comma-separated, without the label.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Read the rows from this file; - is standard input.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Get predictions from a pipeline's endpoint. Prints one per line; a classifier's label follows its scores.

    Example: refit predict local/home-prices 0.02731,0,7.07,0,0.469,6.421,78.9,4.9671,2,242,17.8,396.9,9.14
    """
    from refit.aws import target
    from refit.aws.inference import invoke
    from refit.data import feature_rows

    ref, pipeline = load(name)
    features = feature_rows.read_rows(rows or [], file, sys.stdin, pipeline.data.feature_dim)
    predictions = invoke(target.connect(ref, pipeline), pipeline.endpoint_name, features)
    if as_json:
        emit(predictions)
        return
    for prediction in predictions:
        print(prediction)

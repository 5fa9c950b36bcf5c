"""`refit predict`: gets predictions from a pipeline's endpoint."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from refit.commands.options import AsJson, PipelineName, load
from refit.commands.output import emit
from refit.errors import NotFound, RefitError
from refit.project import PipelineRef
from refit.safe_output import plain

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
    from refit.domain.formatting import counted

    ref, pipeline = load(name)
    stdin = sys.stdin.buffer if sys.stdin else None  # None if it is closed, as under cron
    if not rows and (file is None or str(file) == "-") and stdin and stdin.isatty():
        width = pipeline.data.feature_dim
        print(f"type rows of {counted(width, 'feature')}, comma-separated; Ctrl-D ends them", file=sys.stderr)
    features = feature_rows.read_rows(rows or [], file, stdin, pipeline.data.feature_dim)
    try:
        predictions = invoke(target.connect(ref, pipeline), pipeline.endpoint_name, features)
    except NotFound as error:
        raise _without_endpoint(ref, error) from None
    if as_json:
        emit(predictions)
        return
    for prediction in predictions:
        print(plain(str(prediction)))


def _without_endpoint(ref: PipelineRef, error: NotFound) -> NotFound:
    """Why there is no endpoint: the stack is not applied, or no run has deployed a model yet."""
    from refit.aws.deployed import DeployedPipeline

    try:
        DeployedPipeline.of(ref)
    except NotFound as not_applied:
        return not_applied
    except RefitError:  # a user who may only call the endpoint cannot look for the stack
        pass
    return NotFound(str(error), f"the first run that deploys creates it: refit status {ref.key}")

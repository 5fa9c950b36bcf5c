"""`refit check`: checks the data of a pipeline by its data contract."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from refit.commands import options
from refit.commands.options import AsJson, PipelineName, load
from refit.commands.output import emit
from refit.errors import RefitError

app = typer.Typer()


@app.command()
def check(
    name: PipelineName,
    day: Annotated[
        str | None, typer.Option(help="Check only this day. Default: the days of the window.", metavar="YYYY-MM-DD")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the data of the window by data.schema, as a run does before it trains; exits with 1 if a day breaks it.

    Example: refit check prod/home-prices --day 2026-11-22
    """
    from refit.aws import target
    from refit.aws.stack import Stack
    from refit.data import check as check_command
    from refit.data.pyarrow_extra import require_pyarrow
    from refit.domain.window import ONE_DAY, Window, window_of
    from refit.report import check as report
    from refit.report.spinner import working

    ref, pipeline = load(name)
    if pipeline.contract is None:
        hint = f"add what this prints to data: refit schema infer {ref.key}"
        raise RefitError(f"{ref.key} has no data contract (data.schema) to check its data by", hint)
    only = options.parse_day(day, "--day") if day is not None else None
    window = Window(only, only + ONE_DAY) if only else window_of(pipeline.window.settings, datetime.now(UTC))
    require_pyarrow()
    aws = target.connect(ref, pipeline)
    with working("reading the data"):
        found = check_command.check(aws, Stack.of(pipeline, aws), pipeline.pipeline, pipeline.contract, window)
    if as_json:
        emit(found.document())
    else:
        print("\n".join(report.lines(found)))
    sys.exit(0 if found.passed else 1)

"""`refit doctor`: checks what Refit needs, and shows how to fix what is missing."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from refit.commands.options import AsJson, complete_pipeline
from refit.commands.output import emit

app = typer.Typer()


@app.command()
def doctor(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="PIPELINE",
            help="Also check what this pipeline needs: its account, permissions, quotas, data, Slack.",
            autocompletion=complete_pipeline,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check what Refit needs, and show how to fix what is missing. Changes nothing; exits with 1 if a check is not ok.

    Example: refit doctor prod/home-prices
    """
    from refit.doctor.examination import examine
    from refit.report import doctor as report

    examination = examine(name)
    if as_json:
        emit(examination.document())
    else:
        print("\n".join(report.lines(examination)))
    sys.exit(0 if examination.passed else 1)

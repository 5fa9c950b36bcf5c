"""`refit plan`: what a merge will do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from refit.commands.options import AsJson, parse_time
from refit.commands.output import emit
from refit.project import Project

app = typer.Typer()

Base = Annotated[str, typer.Option(metavar="REV", help="The revision to compare with.")]
Head = Annotated[str | None, typer.Option(metavar="REV", help="The revision to look at; the work tree by default.")]


@app.command()
def plan(
    base: Base,
    head: Head = None,
    at: Annotated[
        str | None, typer.Option(metavar="ISO8601", help="The event's instant; the commit's by default.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask AWS what data there is.")] = False,
    price_file: Annotated[
        Path | None, typer.Option("--prices", help="Your prices, as JSON, in place of the built-in table.")
    ] = None,
    to_comment: Annotated[
        bool, typer.Option("--comment", help="Keep the pull request's one comment up to date (in GitHub Actions).")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Says what a merge will do: to which pipeline, on which days, at what cost. Ends with 1 if a file is not valid.

    Example: refit plan --base origin/main
    """
    from refit import github
    from refit.costs import prices
    from refit.plan import preview
    from refit.report.pull_request_comment import comment

    made = preview.plan(
        Project.here(),
        base,
        head,
        at=parse_time(at) if at else None,
        live=not offline,
        prices=prices.load(price_file) if price_file else None,
    )
    text = comment(made)
    if to_comment:
        number = github.pull_request_number()
        # Without a changed pipeline there is nothing to say, but what was said before is corrected.
        github.upsert_comment(
            github.Api.from_environment(), number, github.hidden_marker("plan"), text, create=bool(made.pipelines)
        )
    if as_json:
        emit(made.document())
    else:
        print(text)
    sys.exit(0 if made.valid else 1)

"""`refit plan`: shows what a merge will do."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import Annotated

import typer

from refit.commands.options import AsJson, Base, Head, PriceFile, parse_time
from refit.commands.output import emit
from refit.project import Project

app = typer.Typer()


class Format(StrEnum):
    """How `refit plan` prints the plan: for a terminal, or in GitHub's Markdown."""

    TEXT = "text"
    MD = "md"


def _default_format() -> Format:
    in_ci = os.environ.get("CI", "").lower() in ("1", "true")
    return Format.TEXT if sys.stdout.isatty() and not in_ci else Format.MD


@app.command()
def plan(
    base: Base,
    head: Head = None,
    at: Annotated[
        str | None, typer.Option(metavar="ISO8601", help="Time of the merge. Default: the commit's time.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not call AWS to check which data exists.")] = False,
    price_file: PriceFile = None,
    to_comment: Annotated[
        bool, typer.Option("--comment", help="Create or update the pull request's comment (in GitHub Actions).")
    ] = False,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="Default: text on a terminal; md in CI and when the output is not a terminal."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a merge will do. Lists the runs, their days and their costs; exits with 1 if a file is invalid.

    Example: refit plan --base origin/main
    """
    from refit import github
    from refit.costs import prices
    from refit.plan import planner
    from refit.report.pull_request_comment import comment

    made = planner.plan(
        Project.here(),
        base,
        head,
        at=parse_time(at, "--at") if at else None,
        live=not offline,
        prices=prices.load(price_file) if price_file else None,
    )
    if to_comment:
        number = github.pull_request_number()
        # If no pipeline changed and the version is the same, no new comment is needed; an existing one is updated.
        create = bool(made.pipelines or made.upgrade)
        github.upsert_comment(
            github.Api.from_environment(), number, github.hidden_marker("plan"), comment(made), create=create
        )
    if as_json:
        emit(made.document())
    elif (form or _default_format()) is Format.MD:
        print(comment(made, longest=None))  # only a comment of GitHub's has a limit
    else:
        from refit.report.console import SafeConsole
        from refit.report.plan import page

        SafeConsole().print(page(made))
    sys.exit(0 if made.valid else 1)

"""`refit take`."""

from __future__ import annotations

from typing import Annotated

import typer

from refit.project import Project

app = typer.Typer()


@app.command()
def take(
    revision: Annotated[str, typer.Argument(metavar="REV", help="The commit whose pipeline files to take.")],
) -> None:
    """Takes another commit's pipeline files. Its data, and none of its code: for workflows that hold credentials.

    Example: refit take "$HEAD"
    """
    from refit.plan import pull_request_files

    for key in pull_request_files.take(Project.here(), revision):
        print(key)

"""`refit take`: checks out the pipeline files of another commit."""

from __future__ import annotations

from typing import Annotated

import typer

from refit.project import Project

app = typer.Typer()


@app.command()
def take(
    revision: Annotated[str, typer.Argument(metavar="REV", help="The commit whose pipeline files to check out.")],
) -> None:
    """Check out another commit's pipeline files. Takes none of its code, for workflows that hold credentials.

    Example: refit take "$HEAD"
    """
    from refit.plan import take as take_command

    for key in take_command.take(Project.here(), revision):
        print(key)

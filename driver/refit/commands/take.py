"""`refit take`: checks out the pipeline files of another commit."""

from __future__ import annotations

from typing import Annotated

import typer

from refit.commands.options import AsJson
from refit.commands.output import emit
from refit.project import Project

app = typer.Typer()


@app.command()
def take(
    revision: Annotated[str, typer.Argument(metavar="REV", help="The commit whose pipeline files to check out.")],
    force: Annotated[bool, typer.Option("--force", help="Discard uncommitted changes of pipeline files.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check out another commit's pipeline files. Takes none of its code, for workflows that hold credentials.

    Overwrites the pipeline files in the working tree, and deletes those that the commit does not have. Refuses if that
    would discard uncommitted changes.

    Example: refit take "$HEAD"
    """
    from refit.plan import take as take_command

    taken = take_command.take(Project.here(), revision, force=force)
    if as_json:
        emit({"pipelines": taken})
        return
    for key in taken:
        print(key)

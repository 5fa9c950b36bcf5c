"""`refit docs`: regenerates the reference pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import typer

from refit.project import Project

if TYPE_CHECKING:
    from refit.reference.commands import Command

app = typer.Typer()


@app.command(hidden=True)
def docs(context: typer.Context) -> None:
    """Regenerate the reference pages from the code. Prints the pages that changed.

    Example: refit docs
    """
    from refit.reference import pages

    project = Project.here()
    project.require_checkout("refit docs")
    for page in pages.docs(project, cast("Command", context.find_root().command)):
        print(page)

"""`refit docs`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import typer

from refit.project import Project

if TYPE_CHECKING:
    from refit.reference.commands import Command

app = typer.Typer()


@app.command(hidden=True)
def docs(context: typer.Context) -> None:
    """Makes the reference pages again. From the code, for those who change it.

    Example: refit docs
    """
    from refit.reference import pages

    for page in pages.docs(Project.here(), cast("Command", context.find_root().command)):
        print(page)

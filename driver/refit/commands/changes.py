"""`refit changes`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from refit.commands.options import AsJson
from refit.commands.output import emit
from refit.project import Project

app = typer.Typer()


Base = Annotated[str, typer.Option(metavar="REV", help="The revision to compare with.")]


Head = Annotated[str | None, typer.Option(metavar="REV", help="The revision to look at; the work tree by default.")]


@app.command()
def changes(
    base: Base,
    head: Head = None,
    to_github: Annotated[
        bool, typer.Option("--github", help="Set the step outputs `pipelines` and `matrix` of a workflow.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Lists the pipelines that changed. Those whose stack must be applied, and why.

    Example: refit changes --base origin/main
    """
    from refit import github
    from refit.plan import revisions
    from refit.plan.changes import Kind

    found = revisions.compare(Project.here(), base, head)
    if to_github:
        github.write_outputs(github.pipeline_outputs(found.to_apply, found.after))
    if as_json:
        emit(found.document())
        return
    for change in found.changes:
        if change.kind is Kind.REMOVED:
            print(f"{change.key}: removed. {' '.join(change.remarks)}", file=sys.stderr)
    actions = {change.key: change.action for change in found.changes}
    for key in found.to_apply:
        print(f"{key}: {actions.get(key, 'apply')}")

"""`refit changes`: lists the pipelines whose stack must be applied."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from refit.commands.options import AsJson, Base, Head
from refit.commands.output import emit
from refit.project import Project

app = typer.Typer()


@app.command()
def changes(
    base: Base,
    head: Head = None,
    to_github: Annotated[
        bool, typer.Option("--github", help="Set the step outputs `pipelines` and `matrix` of a workflow.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the pipelines whose stack must be applied. Compares two revisions and prints each reason.

    Example: refit changes --base origin/main
    """
    from refit import github
    from refit.plan import changes as changes_command
    from refit.plan.field_changes import Kind

    found = changes_command.compare(Project.here(), base, head)
    if to_github:
        github.write_outputs(github.pipeline_outputs(found.to_apply, found.after))
    if as_json:
        emit(found.document())
        return
    for change in found.changes:
        if change.kind is Kind.REMOVED:
            print(f"{change.key}: removed. {' '.join(change.remarks)}", file=sys.stderr)
    for stray in found.strays:
        print(stray, file=sys.stderr)
    if found.reason:
        print(f"all stacks must be re-applied: {found.reason}", file=sys.stderr)
    actions = {change.key: change.action for change in found.changes}
    for key in found.to_apply:
        print(f"{key}: {actions.get(key, 'apply')}")

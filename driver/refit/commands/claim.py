"""`refit claim`: claims a pipeline for the deployment of the current commit."""

from __future__ import annotations

from typing import Annotated

import typer

from refit.commands.options import AsJson, PipelineName
from refit.commands.output import emit
from refit.project import Project

app = typer.Typer()


@app.command()
def claim(
    name: PipelineName,
    base: Annotated[
        str | None, typer.Option(metavar="REV", help="The commit that HEAD replaces, as after a force push.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Claim it even if the order of the commits is unknown, or HEAD is older.")
    ] = False,
    to_github: Annotated[
        bool, typer.Option("--github", help="Set the step output `superseded`, and write a step summary.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Claim a pipeline for a deployment of HEAD. Reports it if a newer commit has claimed the pipeline; exits with 0.

    A deployment claims the pipeline before it applies the stack, so that an older one that is run again does not undo
    a newer one.

    Example: refit claim prod/home-prices --base HEAD~1
    """
    from refit import github
    from refit.github.markdown import code
    from refit.plan import claim as claim_command

    claimed = claim_command.claim(Project.here().find(name), base, force=force)
    commit, newer = claimed.commit[:12], claimed.newer[:12]
    if claimed.superseded:
        line = f"{claimed.pipeline}: not deployed: {newer}, which is newer than {commit}, has claimed it"
    elif claimed.applied:
        line = f"{claimed.pipeline}: claimed for {commit}"
    else:
        line = f"{claimed.pipeline}: not claimed: the next apply creates what a claim is stored in"
    if to_github:
        github.write_outputs({"superseded": str(claimed.superseded).lower()})
        if claimed.superseded:
            github.append_summary(f"## Refit: nothing deployed\n\n{code(line)}\n")
    if as_json:
        emit(claimed.document())
    else:
        print(line)

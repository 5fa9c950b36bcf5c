"""`refit terraform`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from refit.commands.options import PipelineName
from refit.project import Project

app = typer.Typer()


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def terraform(
    context: typer.Context,
    action: Annotated[str, typer.Argument(help="init, plan, apply, destroy, output, or any other terraform command.")],
    name: PipelineName,
) -> None:
    """Runs terraform for a pipeline. Sets its state, variables and backend; what follows PIPELINE is terraform's.

    Example: refit terraform plan prod/home-prices -out=plan.tfplan
    """
    from refit.github import commands_stopped
    from refit.terraform import passthrough

    with commands_stopped():
        code = passthrough.terraform(Project.here().find(name), action, context.args)
    sys.exit(code)

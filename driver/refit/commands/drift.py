"""`refit drift`: detects drift between a stack and its pipeline file."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from refit.commands.options import AsJson, PipelineName
from refit.commands.output import emit
from refit.project import Project

DRIFTED = 2
"""The exit code of `terraform plan -detailed-exitcode` for a plan that is not empty."""

app = typer.Typer()


@app.command()
def drift(
    name: PipelineName,
    to_issue: Annotated[
        bool, typer.Option("--issue", help="Open, update or close the pipeline's issue (in GitHub Actions).")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Detect Terraform drift of a stack. Prints the plan and exits with 2 if there is any, or 0 with --issue.

    Drift is what `refit terraform plan` would change. It does not include the endpoint, which runs change, not
    Terraform: refit status compares that with the pipeline file.

    Example: refit drift prod/home-prices
    """
    from refit import github
    from refit.live import drift as drift_command
    from refit.report.spinner import working

    ref = Project.here().find(name)
    with working("terraform plan"):
        found = drift_command.drift(ref)
    if as_json:
        emit({"pipeline": ref.key, "drift": bool(found), "plan": found or None})
    else:
        with github.commands_stopped():
            print(found or f"{ref.key}: no drift")
    if to_issue:
        address = drift_command.report(ref, found, github.Api.from_environment())
        print(address or "no issue was open", file=sys.stderr)
    sys.exit(DRIFTED if found and not to_issue else 0)

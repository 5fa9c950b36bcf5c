"""`refit validate`, `refit build`, `refit terraform`: from a pipeline file to its stack."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated, cast

import typer

from driver.cli.options import AsJson, PipelineName
from driver.cli.output import emit
from driver.commands import build as build_command
from driver.commands import docs as docs_command
from driver.commands import terraform as terraform_command
from driver.commands import validate as validate_command
from driver.commands.validate_live import validate_live
from driver.github import annotate, commands_stopped
from driver.project import Project
from driver.report.cli_reference import Command

app = typer.Typer()


@app.command()
def validate(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="FILE", help="The pipelines to check; all of them by default.")
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Look at the data too: is the bucket ready for a run?")] = False,
    to_github: Annotated[
        bool, typer.Option("--github", help="Also mark the problems in the files of a pull request.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Checks pipeline files, without AWS. Prints every problem with its place; ends with 1 if there is one.

    Example: refit validate terraform/pipelines/prod/home-prices.tfvars
    """
    now = datetime.now(UTC)
    report = validate_command.validate(Project.here(), names or [], now.date())
    verdicts = validate_live(report.pipelines, now) if live and report.valid else []
    findings = [finding for verdict in verdicts for finding in verdict.findings]
    if to_github:
        annotate([*report.problems, *(finding.problem for finding in findings if not finding.warning)])
    if as_json:
        checked = {"pipelines": [ref.key for ref in report.pipelines], "problems": report.problems}
        emit(checked | ({"live": [verdict.document() for verdict in verdicts]} if live else {}))
    else:
        print("\n".join(map(str, [*report.problems, *findings])) or f"{len(report.pipelines)} valid")
    sys.exit(0 if report.valid and all(verdict.passed for verdict in verdicts) else 1)


@app.command()
def build(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="PIPELINE", help="The pipelines to build; all of them by default."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Renders state machines, packs the Lambdas. Writes build/<environment>/<pipeline>/, whole or not at all.

    Example: refit build local/home-prices
    """
    project = Project.here()
    refs = [project.find(name) for name in names or []]
    built = [build_command.build(ref) for ref in refs] if refs else build_command.build_all(project)
    if as_json:
        emit(built)
        return
    for result in built:
        folder = result.directory.relative_to(project.root)
        print(f"{folder}: {result.states} states, {result.lambdas_size} bytes of Lambdas")


@app.command(hidden=True)
def docs(context: typer.Context) -> None:
    """Makes the reference pages again. From the code, for those who change it.

    Example: refit docs
    """
    for page in docs_command.docs(Project.here(), cast(Command, context.find_root().command)):
        print(page)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def terraform(
    context: typer.Context,
    action: Annotated[str, typer.Argument(help="init, plan, apply, destroy, output, or any other terraform command.")],
    name: PipelineName,
) -> None:
    """Runs terraform for a pipeline. Sets its state, variables and backend; what follows PIPELINE is terraform's.

    Example: refit terraform plan prod/home-prices -out=plan.tfplan
    """
    with commands_stopped():
        code = terraform_command.terraform(Project.here().find(name), action, context.args)
    sys.exit(code)

"""`refit validate`: checks pipeline files."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from refit.commands.options import AsJson, complete_pipeline
from refit.commands.output import emit
from refit.project import Project

app = typer.Typer()


@app.command()
def validate(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PIPELINE", help="The pipelines to check. Default: all.", autocompletion=complete_pipeline
        ),
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Also check on AWS that the data is ready for a run.")] = False,
    to_github: Annotated[
        bool, typer.Option("--github", help="Also annotate the files of a pull request with the problems.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check pipeline files, without AWS. Reports every problem with its location; exits with 1 if there are any.

    Example: refit validate terraform/pipelines/prod/home-prices.tfvars
    """
    from refit.pipeline import validate as validate_command

    now = datetime.now(UTC)
    project = Project.here()
    report = validate_command.validate(project, names or [], now)
    for stray in report.strays:
        print(stray, file=sys.stderr)
    verdicts = []
    if live and report.valid:
        from refit.data.live_check import validate_live

        verdicts = validate_live(report.pipelines, now)
    findings = [finding for verdict in verdicts for finding in verdict.findings]
    if to_github:
        from refit.github import annotate

        annotate([*report.problems, *(finding.problem for finding in findings if not finding.warning)])
    if as_json:
        checked = {
            "pipelines": [ref.key for ref in report.pipelines],
            "problems": report.problems,
            "ignored": report.strays,
        }
        emit(checked | ({"live": [verdict.document() for verdict in verdicts]} if live else {}))
    else:
        print("\n".join(map(str, [*report.problems, *findings])) or f"{len(report.pipelines)} valid")
    sys.exit(0 if report.valid and all(verdict.passed for verdict in verdicts) else 1)

"""`refit changes`, `plan`, `trigger`, `drift`, `take`: what a merge will do, and the merge doing it, once."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from driver import github, prices
from driver.changes import Kind
from driver.cli.options import AsJson, PipelineName
from driver.cli.output import emit
from driver.commands import announced as announced_command
from driver.commands import changes as changes_command
from driver.commands import drift as drift_command
from driver.commands import plan as plan_command
from driver.commands import take as take_command
from driver.commands import trigger as trigger_command
from driver.commands.event import parse_time, parse_window
from driver.errors import RefitError
from driver.project import Project
from driver.report.markdown import comment
from driver.report.narrator import Narrator
from driver.report.summary import summary

DRIFTED = 2
"""The exit code of `terraform plan -detailed-exitcode` for a plan that is not empty."""

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
    found = changes_command.compare(Project.here(), base, head)
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


@app.command()
def plan(
    base: Base,
    head: Head = None,
    at: Annotated[
        str | None, typer.Option(metavar="ISO8601", help="The event's instant; the commit's by default.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask AWS what data there is.")] = False,
    price_file: Annotated[
        Path | None, typer.Option("--prices", help="Your prices, as JSON, in place of the built-in table.")
    ] = None,
    to_comment: Annotated[
        bool, typer.Option("--comment", help="Keep the pull request's one comment up to date (in GitHub Actions).")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Says what a merge will do: to which pipeline, on which days, at what cost. Ends with 1 if a file is not valid.

    Example: refit plan --base origin/main
    """
    made = plan_command.plan(
        Project.here(),
        base,
        head,
        at=parse_time(at) if at else None,
        live=not offline,
        prices=prices.load(price_file) if price_file else None,
    )
    text = comment(made)
    if to_comment:
        number = github.pull_request_number()
        # Without a changed pipeline there is nothing to say, but what was said before is corrected.
        github.upsert_comment(
            github.Api.from_environment(), number, github.hidden_marker("plan"), text, create=bool(made.pipelines)
        )
    if as_json:
        emit(made.document())
    else:
        print(text)
    sys.exit(0 if made.valid else 1)


@app.command()
def trigger(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="PIPELINE", help="These pipelines; with --base, of those changed."),
    ] = None,
    base: Annotated[str | None, typer.Option(metavar="REV", help="Start what changed since this revision.")] = None,
    window: Annotated[
        str | None, typer.Option(help="Train on these days instead, both included.", metavar="START..END")
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Retrain although nothing is new; begin anew what failed, or is named."),
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Follow the runs to their end.")] = False,
    to_summary: Annotated[bool, typer.Option("--summary", help="Write the workflow step's summary too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Starts announced runs, each once. Running it again finds the same runs; ends with 1 if one failed.

    With --base a run is of the day of the commit; asked for by name it is of today.

    Example: refit trigger --base HEAD~1 --wait
    """
    if base is None and not names:
        raise RefitError("nothing to start", "write the pipelines, or --base with the revision to compare with")
    project = Project.here()
    planned = announced_command.announced(
        project,
        base,
        names or [],
        window=parse_window(window) if window else None,
        force=force,
        asked_at=datetime.now(UTC),
    )
    triggered = trigger_command.trigger(
        project, planned, wait=wait, again=force, anew=force and base is None, say=Narrator().say
    )
    if to_summary:
        github.append_summary(summary(triggered))
    if as_json:
        emit(triggered.document())
    else:
        for result in triggered.results:
            print(" ".join(filter(None, (result.pipeline, result.run, result.outcome or result.how))))
    if triggered.error:
        raise triggered.error


@app.command()
def drift(
    name: PipelineName,
    to_issue: Annotated[
        bool, typer.Option("--issue", help="Open, update or close the pipeline's one issue (in GitHub Actions).")
    ] = False,
) -> None:
    """Looks for drift of a stack from its file. Prints the plan and ends with 2 if there is any; 0 once it is an issue.

    Example: refit drift prod/home-prices
    """
    ref = Project.here().find(name)
    found = drift_command.drift(ref)
    with github.commands_stopped():
        print(found or f"{ref.key}: no drift")
    if to_issue:
        address = drift_command.report(ref, found, github.Api.from_environment())
        print(address or "no issue was open", file=sys.stderr)
    sys.exit(DRIFTED if found and not to_issue else 0)


@app.command()
def take(
    revision: Annotated[str, typer.Argument(metavar="REV", help="The commit whose pipeline files to take.")],
) -> None:
    """Takes another commit's pipeline files. Its data, and none of its code: for workflows that hold credentials.

    Example: refit take "$HEAD"
    """
    for key in take_command.take(Project.here(), revision):
        print(key)

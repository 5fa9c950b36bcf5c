"""`refit init`: creates or updates a repository for a team's own pipelines."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from refit.commands.options import AsJson
from refit.commands.output import emit

if TYPE_CHECKING:
    from refit.init.answers import Answers

app = typer.Typer()

QUESTIONS = {
    "environment": "Environment (a folder of pipelines, usually one per AWS account)",
    "pipeline": "Name of the first pipeline",
    "region": "AWS region",
    "prefix": "Prefix of the daily data in the bucket",
    "features": "Number of feature columns, without the label",
    "account": "AWS account of the environment (12 digits; empty: later)",
    "slack_channel": "Slack channel for reports (empty: none)",
    "owners": "GitHub users or teams that review changes, such as @acme/ml (empty: later)",
    "workflows": "GitHub repository and commit of Refit's workflows, as OWNER/REPO@COMMIT (empty: later)",
}
"""The questions that the command asks, in this order; an option answers its question in advance."""


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of the repository.", show_default=True)
    ] = Path(),
    environment: Annotated[str | None, typer.Option(metavar="NAME", help="First environment. Default: prod.")] = None,
    pipeline: Annotated[str | None, typer.Option(metavar="NAME", help="First pipeline. Default: home-prices.")] = None,
    region: Annotated[str | None, typer.Option(help="AWS region. Default: AWS_REGION, or us-west-2.")] = None,
    prefix: Annotated[str | None, typer.Option(help="Prefix of the daily data. Default: data/PIPELINE/train/.")] = None,
    features: Annotated[int | None, typer.Option(metavar="N", help="Number of feature columns. Default: 13.")] = None,
    account: Annotated[str | None, typer.Option(metavar="ID", help="AWS account of the environment.")] = None,
    slack_channel: Annotated[str | None, typer.Option(metavar="NAME", help="Slack channel for reports.")] = None,
    owners: Annotated[str | None, typer.Option(metavar="OWNERS", help="GitHub users or teams for CODEOWNERS.")] = None,
    workflows: Annotated[
        str | None, typer.Option(metavar="OWNER/REPO@COMMIT", help="Repository and commit of Refit's workflows.")
    ] = None,
    wheel: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Wheel of this version, to copy to wheels/ and pin in requirements.txt."),
    ] = None,
    bootstrap: Annotated[
        bool, typer.Option("--bootstrap", help="Also write the Terraform code for the state bucket and roles.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Accept the defaults instead of prompting.")] = False,
    update: Annotated[
        bool, typer.Option("--update", help="Update generated files to this version, except edited ones.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Create a repository for your own pipelines. If it exists, show how its files differ; exits with 1 if any does.

    Example: refit init models --pipeline home-prices --features 13 --yes
    """
    from dataclasses import replace

    from refit.init.answers import Answers
    from refit.init.init import initialize
    from refit.report import init as report

    answers: dict[str, Any] = {
        "environment": environment,
        "pipeline": pipeline,
        "region": region,
        "prefix": prefix,
        "features": features,
        "account": account,
        "slack_channel": slack_channel,
        "owners": owners,
        "workflows": workflows,
        "bootstrap": bootstrap or None,
    }
    given = {name: value for name, value in answers.items() if value is not None}  # what options say

    def answer(last: Answers | None) -> Answers:
        if last is not None:
            _check(given)
            return replace(last, **given)
        region = os.environ.get("AWS_REGION") or Answers.region
        _check({"region": region} | given, {} if "region" in given else {"region": "AWS_REGION"})
        defaults = replace(Answers(region=region), **given)
        return defaults if yes else _asked(defaults, given)

    result = initialize(folder, answer, update=update, wheel=wheel)
    if as_json:
        emit(report.document(result))
    else:
        for line in report.lines(result, updated=update):
            print(line)
    sys.exit(0 if result.first or update or not report.differing(result) else 1)


def _check(given: Mapping[str, Any], sources: Mapping[str, str] = MappingProxyType({})) -> None:
    """Raises RefitError with all answers that cannot be used; `sources` names those that come from no option."""
    from refit.errors import RefitError
    from refit.init.answer_check import problem

    wrong = [
        f"{sources.get(name, '--' + name.replace('_', '-'))} {value}: {found}"
        for name, value in given.items()
        if (found := problem(name, value))
    ]
    if wrong:
        raise RefitError("\n".join(wrong), "nothing has been written")


def _asked(defaults: Answers, given: Collection[str]) -> Answers:
    """Prompts for each question that no option answers, until the answer is valid; returns the complete answers."""
    from dataclasses import replace

    from refit.errors import RefitError
    from refit.init.answer_check import problem

    if not sys.stdin.isatty():
        hint = "add --yes to accept the defaults of the omitted options"
        raise RefitError("refit init asks questions, but standard input is not a terminal", hint)
    answers = defaults
    for name, question in QUESTIONS.items():
        if name in given:
            continue
        default = answers.data_prefix if name == "prefix" else getattr(answers, name)
        while True:
            typed = _prompt(question, default)
            value = None if typed == "" else typed
            found = None if value is None else problem(name, value)
            if found is None:
                break
            print(f"{typed}: {found}", file=sys.stderr)
        typed_answer: dict[str, Any] = {name: int(typed) if name == "features" else value}
        answers = replace(answers, **typed_answer)
    return answers


def _prompt(question: str, default: Any) -> str:
    from refit.errors import RefitError

    try:
        return str(typer.prompt(question, default=str(default or ""), show_default=bool(default), err=True))
    except typer.Abort as error:
        if isinstance(error.__context__, KeyboardInterrupt):  # typer has made an Abort of it, which exits with 1
            raise KeyboardInterrupt from None
        print(file=sys.stderr)  # the cursor is still behind the question
        hint = "answer every question, or add --yes to accept the defaults of the omitted options"
        raise RefitError("standard input ended at a question; nothing has been written", hint) from None

"""The `refit` command line: parses, calls one command, prints what it returns. Data on stdout, progress on stderr."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from driver import pipeline as pipelines
from driver import target
from driver.commands import build as build_command
from driver.commands import event as event_command
from driver.commands import predict as predict_command
from driver.commands import terraform as terraform_command
from driver.commands import upload as upload_command
from driver.commands import validate as validate_command
from driver.endpoint import ask
from driver.errors import RefitError
from driver.project import PipelineRef, Project
from driver.stack import Stack

app = typer.Typer(
    name="refit",
    help="Keeps SageMaker models fresh: retrains on the last days of data and redeploys with no downtime.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
local = typer.Typer(
    no_args_is_help=True, help="The embedded cloud: AWS on 127.0.0.1, for terraform, boto3 and the AWS CLI."
)
app.add_typer(local, name="local")

PipelineName = Annotated[
    str,
    typer.Argument(metavar="PIPELINE", help="<environment>/<pipeline>, its file, or the bare name if only one has it."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def main() -> None:
    """The entry point: a RefitError ends in one message and its exit code, never in a traceback."""
    try:
        app()
    except RefitError as error:
        fail(error)
    except KeyboardInterrupt:
        sys.exit(130)


def fail(error: RefitError) -> None:
    """Prints the error as a person reads it, and exits with its code."""
    console = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    console.print(str(error), style="red")
    if error.hint:
        console.print(error.hint)
    sys.exit(error.exit_code)


def emit(value: Any) -> None:
    """Prints `value` (dataclasses welcome) as JSON on standard output."""
    print(json.dumps(value, default=_plain, indent=2, ensure_ascii=False))


def _plain(value: Any) -> Any:
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else str(value)


@app.command()
def build(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PIPELINE]...", help="The pipelines to build; all of them by default."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Renders the state machine and packs the Lambdas into build/<environment>/<pipeline>/.

    Example: refit build local/home-prices
    """
    project = Project.here()
    refs = [project.find(name) for name in names] if names else project.pipelines()
    built = [build_command.build(ref) for ref in refs]
    if as_json:
        emit(built)
        return
    for ref, result in zip(refs, built, strict=True):
        print(f"{ref.key}: {result.states} states, {result.lambdas_size} bytes of Lambdas in {result.directory}")


@app.command()
def validate(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="The pipelines to check; all of them by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Checks pipeline files without AWS; prints every problem with its place, and ends with 1 if there is one.

    Example: refit validate terraform/pipelines/prod/home-prices.tfvars
    """
    report = validate_command.validate(Project.here(), names or [], datetime.now(UTC).date())
    if as_json:
        emit({"pipelines": [ref.key for ref in report.pipelines], "problems": report.problems})
    else:
        print("\n".join(map(str, report.problems)) or f"{len(report.pipelines)} valid")
    sys.exit(0 if report.valid else 1)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def terraform(
    context: typer.Context,
    action: Annotated[str, typer.Argument(help="init, plan, apply, destroy, output, or any other terraform command.")],
    name: PipelineName,
) -> None:
    """Runs terraform with a pipeline's state, variables and backend. What follows PIPELINE goes to terraform untouched.

    Example: refit terraform plan prod/home-prices -out=plan.tfplan
    """
    sys.exit(terraform_command.terraform(Project.here().find(name), action, context.args))


@app.command()
def upload(
    name: PipelineName,
    file: Annotated[Path, typer.Argument(help="A CSV: headerless and label first, or with a header and --label.")],
    day: Annotated[str, typer.Option(help="The day of the data, or the last one with --days.", metavar="YYYY-MM-DD")],
    days: Annotated[int, typer.Option(help="Split the rows over this many days.", min=1)] = 1,
    label: Annotated[str | None, typer.Option(help="The label's column, in a file with a header.")] = None,
    seed: Annotated[int | None, typer.Option(help="Shuffle the rows by this seed first.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write days again that have data.")] = False,
    as_json: AsJson = False,
) -> None:
    """Uploads a CSV to the pipeline's data prefix, by day.

    Example: refit upload local/home-prices examples/boston-housing.csv --label medv --days 7 --day 2026-11-22
    """
    ref, pipeline = _load(name)
    last_day = event_command.parse_day(day, "--day")
    aws = target.connect(ref, pipeline)
    uploaded = upload_command.upload(
        aws,
        Stack.of(pipeline, aws),
        file,
        feature_dim=pipeline.data.feature_dim,
        last_day=last_day,
        days=days,
        label=label,
        seed=seed,
        replace=replace,
    )
    if as_json:
        emit(uploaded)
        return
    for item in uploaded:
        print(f"{item.uri}  {item.rows} rows, {item.size} bytes")


@app.command()
def event(
    time: Annotated[str | None, typer.Option(help="The event's instant; now by default.", metavar="ISO8601")] = None,
    window: Annotated[
        str | None, typer.Option(help="Train on these days instead, both included.", metavar="START..END")
    ] = None,
    commit: Annotated[str | None, typer.Option(help="The commit that asked for the run.", metavar="SHA")] = None,
    force: Annotated[bool, typer.Option("--force", help="Retrain although no newer day has arrived.")] = False,
) -> None:
    """Prints the JSON that a scheduled event carries, to start a run by hand.

    Example: aws stepfunctions start-execution --state-machine-arn ARN --input "$(refit event)"
    """
    emit(
        event_command.event(
            event_command.parse_time(time) if time else datetime.now(UTC),
            window=event_command.parse_window(window) if window else None,
            commit=commit,
            force=force,
        )
    )


@app.command()
def predict(
    name: PipelineName,
    rows: Annotated[
        list[str] | None, typer.Argument(help="Rows of features, comma-separated, without the label.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="Read the rows from this file; - is standard input.")] = None,
    as_json: AsJson = False,
) -> None:
    """Asks the pipeline's endpoint; prints one prediction a line (a classifier's label after its score).

    Example: refit predict local/home-prices 0.02731,0,7.07,0,0.469,6.421,78.9,4.9671,2,242,17.8,396.9,9.14
    """
    ref, pipeline = _load(name)
    asked = predict_command.read_rows(rows or [], file, sys.stdin, pipeline.data.feature_dim)
    predictions = ask(target.connect(ref, pipeline), pipeline.endpoint_name, asked)
    if as_json:
        emit(predictions)
        return
    for prediction in predictions:
        print(prediction.score if prediction.label is None else f"{prediction.score} {prediction.label:g}")


@app.command()
def demo(as_json: AsJson = False) -> None:
    """Shows the whole product on this machine, on real data, with no AWS account; stops what it started.

    Example: refit demo --json | jq .rmse
    """
    from driver.commands import demo as demo_command  # the embedded cloud is an extra: other commands work without it
    from driver.report.demo import summary
    from driver.report.narrator import Narrator

    facts = demo_command.demo(Project.here(), Narrator())
    if as_json:
        emit(facts)
    else:
        Console(highlight=False).print(summary(facts))


@local.command()
def up(port: Annotated[int, typer.Option(help="The port on 127.0.0.1; 0 takes a free one.")] = 4566) -> None:
    """Starts the embedded cloud in the background, and prints the variables to export.

    Example: eval "$(refit local up)"
    """
    from driver.commands import local as local_command

    for variable, value in local_command.up(Project.here(), port).environment().items():
        print(f"export {variable}={value}")


@local.command()
def status(as_json: AsJson = False) -> None:
    """Says where the embedded cloud is; ends with 1 when it is not running."""
    from driver.commands import local as local_command

    cloud = local_command.status(Project.here())
    if as_json:
        emit({"endpoint_url": cloud.endpoint_url, "region": cloud.region, "pid": cloud.pid, "state": cloud.state_dir})
    else:
        print(
            f"running at {cloud.endpoint_url}, region {cloud.region}, process {cloud.pid}, state in {cloud.state_dir}"
        )


@local.command()
def down() -> None:
    """Stops the embedded cloud; its state stays for the next `up`."""
    from driver.commands import local as local_command

    print("stopped" if local_command.down(Project.here()) else "it was not running")


@local.command()
def reset() -> None:
    """Stops the embedded cloud and removes its state."""
    from driver.commands import local as local_command

    local_command.reset(Project.here())
    print("stopped and emptied")


def _load(name: str) -> tuple[PipelineRef, pipelines.Pipeline]:
    ref = Project.here().find(name)
    return ref, pipelines.load(ref)

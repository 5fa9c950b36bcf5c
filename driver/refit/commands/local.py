"""The `refit local` commands: start, inspect, stop and reset the embedded cloud.

Each command imports the embedded cloud only when it runs, because the cloud is an optional extra and the other commands
work without it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from refit.commands.options import AsJson
from refit.commands.output import emit
from refit.commands.quick_group import QuickGroup
from refit.project import Project

if TYPE_CHECKING:
    from refit.embedded_cloud.client import Cloud

app = typer.Typer(
    cls=QuickGroup,
    no_args_is_help=True,
    help="Run the embedded cloud. Emulates AWS on 127.0.0.1 for terraform, boto3 and the AWS CLI.",
)


@app.command()
def up(
    context: typer.Context,
    port: Annotated[int, typer.Option(metavar="PORT", help="Port on 127.0.0.1; 0 selects a free port.")] = 4566,
    as_json: AsJson = False,
) -> None:
    """Start the embedded cloud in the background. Prints the variables to export.

    Example: eval "$(refit local up)"
    """
    from refit.embedded_cloud import lifecycle
    from refit.report.spinner import working

    with working("starting the embedded cloud"):
        cloud = lifecycle.start(Project.here().state_dir, port)
    source = context.get_parameter_source("port")
    if source and source.name == "COMMANDLINE" and port not in (0, cloud.port):
        advice = f"to move it: refit local down && refit local up --port {port}"
        print(f"already running on port {cloud.port}, not on {port}; {advice}", file=sys.stderr)
    if as_json:
        emit(_document(cloud) | {"environment": cloud.environment()})
        return
    for variable, value in cloud.environment().items():
        print(f"export {variable}={value}")
    if sys.stdout.isatty():
        print('next, export these variables: eval "$(refit local up)"', file=sys.stderr)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show where the embedded cloud is running. Exits with 1 if it is not.

    Example: refit local status --json
    """
    from refit.embedded_cloud.client import required

    cloud = required(Project.here().state_dir)
    if as_json:
        emit(_document(cloud))
    else:
        print(
            f"running at {cloud.endpoint_url}, region {cloud.region}, process {cloud.pid}, state in {cloud.state_dir}"
        )


@app.command()
def down(as_json: AsJson = False) -> None:
    """Stop the embedded cloud. Its state is kept for the next `up`.

    Example: refit local down
    """
    from refit.embedded_cloud import lifecycle
    from refit.report.spinner import working

    with working("stopping the embedded cloud"):
        stopped = lifecycle.stop(Project.here().state_dir)
    if as_json:
        emit({"stopped": stopped})
    else:
        print("stopped" if stopped else "not running")


@app.command()
def reset(as_json: AsJson = False) -> None:
    """Stop the embedded cloud and delete its state.

    Example: refit local reset
    """
    from refit.embedded_cloud import lifecycle
    from refit.report.spinner import working

    with working("stopping the embedded cloud"):
        stopped = lifecycle.reset(Project.here().state_dir)
    if as_json:
        emit({"stopped": stopped, "state_deleted": True})
    else:
        print(f"{'stopped' if stopped else 'not running'}; state deleted")


def _document(cloud: Cloud) -> dict[str, Any]:
    """Where the cloud is running, as JSON values."""
    return {"endpoint_url": cloud.endpoint_url, "region": cloud.region, "pid": cloud.pid, "state": cloud.state_dir}

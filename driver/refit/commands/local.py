"""The `refit local` commands: start, inspect, stop and empty the embedded cloud.

Each command imports the embedded cloud when it runs: the cloud is an optional extra, and the other commands work
without it.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from refit.commands.options import AsJson
from refit.commands.output import emit
from refit.project import Project

app = typer.Typer(
    no_args_is_help=True, help="AWS on 127.0.0.1. The embedded cloud, for terraform, boto3 and the AWS CLI."
)


@app.command()
def up(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="The port on 127.0.0.1; 0 takes a free one.")] = 4566,
) -> None:
    """Starts the embedded cloud. It stays in the background; prints the variables to export.

    Example: eval "$(refit local up)"
    """
    from refit.embedded_cloud import lifecycle

    cloud = lifecycle.start(Project.here().state_dir, port)
    source = context.get_parameter_source("port")
    if source and source.name == "COMMANDLINE" and port not in (0, cloud.port):
        moved = f"refit local down, then: refit local up --port {port}"
        print(f"it runs on port {cloud.port} already, not on {port}; to move it: {moved}", file=sys.stderr)
    for variable, value in cloud.environment().items():
        print(f"export {variable}={value}")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Says where the embedded cloud is. Ends with 1 when it is not running.

    Example: refit local status --json
    """
    from refit.embedded_cloud.client import required

    cloud = required(Project.here().state_dir)
    if as_json:
        emit({"endpoint_url": cloud.endpoint_url, "region": cloud.region, "pid": cloud.pid, "state": cloud.state_dir})
    else:
        print(
            f"running at {cloud.endpoint_url}, region {cloud.region}, process {cloud.pid}, state in {cloud.state_dir}"
        )


@app.command()
def down() -> None:
    """Stops the embedded cloud. Its state stays for the next `up`.

    Example: refit local down
    """
    from refit.embedded_cloud import lifecycle

    print("stopped" if lifecycle.stop(Project.here().state_dir) else "it was not running")


@app.command()
def reset() -> None:
    """Stops the embedded cloud, empties it. Nothing of its state stays.

    Example: refit local reset
    """
    from refit.embedded_cloud import lifecycle

    lifecycle.reset(Project.here().state_dir)
    print("stopped and emptied")

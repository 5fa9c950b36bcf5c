"""The `refit` command line: parses, calls one command, prints what it returns. Data on stdout, progress on stderr."""

from __future__ import annotations

import signal
import sys

import typer
from rich.console import Console

from driver.cli import backfill, data, demo, gitops, local, pipelines, runs, watch
from driver.errors import RefitError

INTERRUPTED = 130

app = typer.Typer(
    name="refit",
    help="Keeps SageMaker models fresh: retrains on the last days of data and redeploys with no downtime.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (pipelines.app, gitops.app, watch.app, runs.app, backfill.app, data.app, demo.app):
    app.add_typer(group)
app.add_typer(local.app, name="local")


def main() -> None:
    """The entry point: a RefitError ends in one message and its exit code, never in a traceback."""
    # A closed window or a cancelled job ends the command as Ctrl-C does: with what it has started stopped.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    try:
        app()
    except RefitError as error:
        console = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
        console.print(str(error), style="red")
        if error.hint:
            console.print(error.hint)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)

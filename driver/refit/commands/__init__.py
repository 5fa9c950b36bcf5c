"""The `refit` command line, whole: every group of commands."""

from __future__ import annotations

import typer

from driver.cli import backfill, data, demo, gitops, local, pipelines, runs, watch

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

"""`refit demo`."""

from __future__ import annotations

import typer
from rich.console import Console

from driver.cli.options import AsJson
from driver.cli.output import emit
from driver.project import Project
from driver.report.narrator import Narrator

app = typer.Typer()


@app.command()
def demo(as_json: AsJson = False) -> None:
    """Shows the whole product, with no AWS. Runs on this machine, on real data; stops what it started.

    Example: refit demo --json | jq .rmse
    """
    from driver.commands import demo as demo_command  # the embedded cloud is an extra: other commands work without it
    from driver.report.demo import summary

    facts = demo_command.demo(Project.here(), Narrator())
    if as_json:
        emit(facts)
    else:
        Console(highlight=False).print(summary(facts))

"""`refit release`."""

from __future__ import annotations

import typer

from refit.commands.options import PipelineName
from refit.project import Project

app = typer.Typer()


@app.command()
def release(name: PipelineName) -> None:
    """Ends a hold. From then on, runs may replace the model again.

    Example: refit release prod/home-prices
    """
    from refit.domain.hold import told
    from refit.runs import release as release_command

    ref = Project.here().find(name)
    ended = release_command.release(ref)
    print(f"{ref.key}: released; it was {told(ended)}" if ended else f"{ref.key}: nobody holds it")

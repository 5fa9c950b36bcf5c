"""`refit demo`: demonstrates the whole product on the embedded cloud."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from refit.commands.options import AsJson
from refit.commands.output import emit
from refit.errors import RefitError
from refit.project import Project

app = typer.Typer()

PICTURE_COLUMNS = 110


@app.command()
def demo(
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Also save the output as an SVG picture.")] = None,
    as_json: AsJson = False,
) -> None:
    """Demonstrate the whole product, without AWS. Uses real data on this machine; stops what it started.

    Example: refit demo --json | jq .rmse
    """
    from refit.demo import show
    from refit.report.console import SafeConsole
    from refit.report.demo import summary
    from refit.report.narrator import Narrator

    if svg:
        _check(svg)
    width = PICTURE_COLUMNS if svg else None
    narrator = Narrator(SafeConsole(stderr=True, soft_wrap=not svg, record=bool(svg), width=width))
    facts = show.demo(Project.here(), narrator)
    if as_json:
        emit(facts)
    elif not svg:
        SafeConsole().print(summary(facts))
    if svg:
        narrator.show(summary(facts))
        narrator.picture(svg, title="make demo")
        return
    narrator.say('next, keep a cloud running: eval "$(refit local up)" && refit terraform apply local/home-prices')
    narrator.say("or begin a repository for your own pipelines: refit init DIR")


def _check(picture: Path) -> None:
    """Raises RefitError before the demo starts if the file cannot be written."""
    try:
        picture.open("ab").close()
    except OSError as error:
        raise RefitError(f"{picture}: {error.strerror}", "write --svg with a file in an existing folder") from error

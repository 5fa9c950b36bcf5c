"""`refit demo`."""

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
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Also save what was shown as a picture.")] = None,
    as_json: AsJson = False,
) -> None:
    """Shows the whole product, with no AWS. Runs on this machine, on real data; stops what it started.

    Example: refit demo --json | jq .rmse
    """
    from rich.console import Console

    from refit.demo import show
    from refit.report.demo import summary
    from refit.report.narrator import Narrator

    if svg:
        _check(svg)
    width = PICTURE_COLUMNS if svg else None
    narrator = Narrator(Console(stderr=True, highlight=False, soft_wrap=not svg, record=bool(svg), width=width))
    facts = show.demo(Project.here(), narrator)
    if as_json:
        emit(facts)
    elif not svg:
        Console(highlight=False).print(summary(facts))
    if svg:
        narrator.show(summary(facts))
        narrator.picture(svg, title="make demo")


def _check(picture: Path) -> None:
    """Raises RefitError for a file that cannot be written, before the demo and not after it."""
    try:
        picture.open("ab").close()
    except OSError as error:
        raise RefitError(f"{picture}: {error.strerror}", "give --svg a file in a folder that is there") from error

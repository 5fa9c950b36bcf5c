"""The reference of the command line: every visible command, with its usage, example and options."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.main import get_command

from refit.reference.commands import reference

app = typer.Typer()
local = typer.Typer()
app.add_typer(local, name="local")


@app.command()
def plan(
    base: Annotated[str, typer.Option(help="The revision | to compare with.")] = "main",
) -> None:
    """Show what a merge
    will do.

    Example: refit plan --base main
    """


@app.command(hidden=True)
def internal() -> None:
    """Not for users."""


@local.command()
def up() -> None:
    """Start the embedded cloud."""


@local.command()
def down() -> None:
    """Stop the embedded cloud."""


def test_every_visible_command_has_a_section() -> None:
    page = reference(get_command(app))
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        "## refit plan",
        "## refit local up",
        "## refit local down",
    ]
    assert "Not for users" not in page


def test_a_section_has_the_help_the_usage_the_example_and_the_options() -> None:
    section = reference(get_command(app)).partition("## refit local up")[0]
    assert "Show what a merge will do.\n\n```console\nrefit plan [OPTIONS]\n```" in section
    assert "Example:\n\n```console\nrefit plan --base main\n```" in section
    assert "The revision \\| to compare with." in section
    assert "--help" not in section

"""The `refit` command line: one verb per file, listed here in the order of the help."""

from __future__ import annotations

from typing import Annotated

import typer

from refit.commands import (
    approval,
    backfill,
    build,
    changes,
    check,
    claim,
    demo,
    docs,
    doctor,
    drift,
    event,
    history,
    init,
    local,
    logs,
    plan,
    predict,
    release,
    rollback,
    schema,
    status,
    take,
    terraform,
    trigger,
    upload,
    validate,
)
from refit.commands.quick_group import QuickGroup
from refit.project import stack_dir
from refit.version import VERSION

app = typer.Typer(
    name="refit",
    cls=QuickGroup,
    help="Keep SageMaker models fresh: retrain on the most recent days of data and redeploy without downtime.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
VERBS = (
    init,
    validate,
    doctor,
    build,
    docs,
    terraform,
    changes,
    plan,
    claim,
    trigger,
    drift,
    take,
    status,
    logs,
    history,
    rollback,
    release,
    approval,
    backfill,
    upload,
    check,
    event,
    predict,
    demo,
)
for verb in VERBS:
    app.add_typer(verb.app)
app.add_typer(schema.app, name="schema")
app.add_typer(local.app, name="local")


def _print_version(requested: bool) -> None:
    if requested:
        print(f"refit {VERSION}, with the stack's sources in {stack_dir()}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            callback=_print_version,
            help="Show the version and the location of the stack's sources.",
        ),
    ] = False,
) -> None:
    """The options of `refit` itself. Its help text is that of the app."""

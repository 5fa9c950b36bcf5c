"""A typer command group that shows help without importing pydantic, and its commands in sections."""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from refit.errors import UsageError

SECTIONS = {
    "Set up": ("init", "doctor", "demo", "local"),
    "Write a pipeline": ("validate", "upload", "schema", "check", "plan", "build", "terraform"),
    "Run it": ("trigger", "backfill", "event", "approve", "reject", "rollback", "release"),
    "Watch it": ("status", "history", "logs", "drift", "predict"),
    "Automate it in GitHub": ("changes", "claim", "take"),
}
"""The sections of `refit --help`, in the order of a pipeline's life; commands in none of them follow below."""


class QuickGroup(TyperGroup):
    """Gives the group's own flags, such as --help, the value False when they are absent.

    typer leaves them at None and converts None with pydantic. Importing pydantic takes longer than showing the help.
    """

    def get_params(self, ctx: Any) -> list[Any]:
        """The group's options and arguments, for parsing and for the help."""
        parameters = super().get_params(ctx)
        for parameter in parameters:
            if getattr(parameter, "is_flag", False) and parameter.default is None:
                parameter.default = False
        return parameters

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Writes the commands of `refit` in sections, those of another group in one list."""
        commands = {name: self.commands[name] for name in self.list_commands(ctx) if not self.commands[name].hidden}
        sections = SECTIONS if ctx.parent is None else {}
        placed = {name for names in sections.values() for name in names}
        rest = {"Commands": tuple(name for name in commands if name not in placed)}
        widest = max(map(len, commands), default=0)
        for title, names in {**sections, **rest}.items():
            rows = [
                (f"{name:<{widest}}", commands[name].get_short_help_str(limit=formatter.width - 6 - widest))
                for name in names
                if name in commands
            ]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; says in plain words what is wrong with a number, where typer quotes pydantic.

        With --json, a mistake in the command line is a UsageError, which is printed as JSON like every other error.
        """
        try:
            return super().invoke(ctx)
        except typer.TyperException as error:
            if isinstance(error, typer.BadParameter):
                reason = error.message.partition(", unable to parse")[0]
                reason = reason.replace("Input should be a valid integer", "must be a whole number")
                error.message = reason.replace("Input should be", "must be")
            # typer exports no class for all mistakes in a command line; they have this exit code and a context.
            if "--json" not in sys.argv or getattr(error, "exit_code", None) != UsageError.exit_code:
                raise
            command = (getattr(error, "ctx", None) or ctx).command_path
            raise UsageError(str(error.format_message()), f"run: {command} --help") from error

"""A typer command group that shows help without importing pydantic."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup


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

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; says in plain words what is wrong with a number, where typer quotes pydantic."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            reason = error.message.partition(", unable to parse")[0]
            reason = reason.replace("Input should be a valid integer", "must be a whole number")
            error.message = reason.replace("Input should be", "must be")
            raise

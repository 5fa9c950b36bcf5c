"""A typer command group that shows help without importing pydantic."""

from __future__ import annotations

from typing import Any

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

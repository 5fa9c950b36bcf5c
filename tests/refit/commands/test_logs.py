"""`refit logs`: its help shows a limit that another module defines."""

from __future__ import annotations

from refit.commands import logs as command
from refit.runs import logs as run_logs


def test_the_limit_in_the_help_is_the_one_that_reading_has_by_default() -> None:
    # The command does not import the other module for its help, which must be quick.
    assert command.LIMIT == run_logs.LIMIT

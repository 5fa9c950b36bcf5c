"""Shows that a command is working: a spinner with the elapsed time, on a terminal only.

Nothing is printed if standard error is piped, in CI (where a spinner would fill the log), or on a terminal that cannot
move its cursor. Lines that are printed meanwhile to the same console appear above the spinner, which leaves no trace.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from refit.report.console import SafeConsole

PER_SECOND = 5.0
"""How often the spinner is drawn."""


@contextmanager
def working(what: str, console: Console | None = None) -> Iterator[None]:
    """Shows `what` with a spinner until the end of the block. Other output must go to the same `console`."""
    console = console or SafeConsole(stderr=True)
    if not _can_spin(console):
        yield
        return
    columns = SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn()
    # Without redirection: rich would print to standard error what goes to standard output.
    with Progress(
        *columns,
        console=console,
        transient=True,
        refresh_per_second=PER_SECOND,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as progress:
        progress.add_task(what, total=None)
        yield


def _can_spin(console: Console) -> bool:
    # Not console.is_terminal alone: FORCE_COLOR sets it for a pipe, too.
    return console.file.isatty() and console.is_terminal and not console.is_dumb_terminal and not os.environ.get("CI")

"""The `refit` command line's entry point: runs one command and ends with its exit code.

Data goes to standard output, progress and errors to standard error.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from refit.errors import RefitError

INTERRUPTED = 130
IMPORTERS = ("refit.cli", "refit.commands")


def main() -> None:
    """Runs the command that the arguments name. A RefitError ends in one message and its exit code, not a traceback."""
    # A closed terminal or a cancelled job ends the command as Ctrl-C does, and stops what it has started.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell's background job ignores SIGINT
        signal.signal(signal.SIGINT, _interrupt)
    try:
        from refit.commands import app

        app()
    except RefitError as error:
        _print(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _interrupt(_: int, frame: FrameType | None) -> None:
    """Raises KeyboardInterrupt; while a command still imports what it needs, ends the process at once instead.

    The imports take up to a second, and an exception in the middle of one may be printed and lost, as compiled code
    does. A command imports before it does anything, so nothing has been started by then.
    """
    called = ""
    while frame is not None:
        if called.startswith("_frozen_importlib") and frame.f_globals.get("__name__", "").startswith(IMPORTERS):
            os._exit(INTERRUPTED)
        called = frame.f_globals.get("__name__", "")
        frame = frame.f_back
    raise KeyboardInterrupt


def _print(error: RefitError) -> None:
    from rich.console import Console

    console = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    console.print(str(error), style="red")
    if error.hint:
        console.print(error.hint)

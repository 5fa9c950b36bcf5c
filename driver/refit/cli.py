"""The entry point of the `refit` command line: runs one command and exits with its exit code.

Data goes to standard output, progress and errors to standard error.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from types import FrameType

from refit.errors import RefitError
from refit.safe_output import guard

IMPORTERS = ("refit.cli", "refit.commands")


def main() -> None:
    """Runs the command in the arguments. A RefitError is printed as one message, without a traceback."""
    guard()
    # A closed terminal or a cancelled job ends the command like Ctrl-C, so that it stops what it started.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell's background job ignores SIGINT
        signal.signal(signal.SIGINT, _interrupt)
    try:
        from refit.commands import app

        app()
    except RefitError as error:
        from refit.commands.output import fail

        fail(error, as_json="--json" in sys.argv)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _die_of_interrupt()
    except SystemExit as ended:
        if _is_of_interrupt(ended):
            _die_of_interrupt()
        raise


def _is_of_interrupt(ended: BaseException) -> bool:
    """Whether typer has made this exit of a KeyboardInterrupt."""
    cause: BaseException | None = ended
    while cause is not None and not isinstance(cause, KeyboardInterrupt):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _die_of_interrupt() -> None:
    """Ends the process by SIGINT, so that a shell that runs it in a loop or a script stops, too.

    https://www.cons.org/cracauer/sigint.html
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)


def _interrupt(_: int, frame: FrameType | None) -> None:
    """Raises KeyboardInterrupt, or ends the process immediately while a command is still importing modules.

    The imports take up to a second, and compiled code may print and discard an exception that interrupts one. A command
    imports before it does anything else, so it has not started anything by then.
    """
    called = ""
    while frame is not None:
        if called.startswith("_frozen_importlib") and frame.f_globals.get("__name__", "").startswith(IMPORTERS):
            _die_of_interrupt()
        called = frame.f_globals.get("__name__", "")
        frame = frame.f_back
    raise KeyboardInterrupt

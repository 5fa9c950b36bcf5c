"""The `refit` command line: parses, calls one command, prints what it returns. Data on stdout, progress on stderr."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from refit.errors import RefitError

INTERRUPTED = 130


def main() -> None:
    """The entry point: a RefitError ends in one message and its exit code, never in a traceback."""
    # A closed window or a cancelled job ends the command as Ctrl-C does: with what it has started stopped.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    app = _loaded()
    try:
        app()
    except RefitError as error:
        _say(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _loaded() -> Callable[[], None]:
    """The commands. Loading them takes most of a second, in which people change their minds.

    Nothing is started by then, so an interrupt ends the process at once: an exception in the middle of an import may be
    printed and lost, as a library's compiled code does.
    """
    interrupt = signal.getsignal(signal.SIGINT)
    if interrupt is signal.default_int_handler:  # and not ignored, as in a shell's background
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    from refit.commands import app

    signal.signal(signal.SIGINT, interrupt)
    return app


def _say(error: RefitError) -> None:
    from rich.console import Console

    console = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    console.print(str(error), style="red")
    if error.hint:
        console.print(error.hint)

"""Makes text from outside harmless on standard output and standard error: log lines, rows, file names, error messages.

`guard` is the one door: all that the process prints passes it, and neither moves a terminal's cursor nor acts as a
command of GitHub's runner. Only two writers have a door of their own: `styled` for the colours of rich, and `unguarded`
for the workflow commands of refit.github, which escape their own text.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO, cast

KEPT = "\n\t"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
"""The only escape sequences that rich writes for a style."""
SPINNER = re.compile(rf"{COLOURS.pattern}|\x1b\[2K|\x1b\[1A|\x1b\[\?25[lh]|\r")
"""These, and those with which rich draws a spinner in one line and erases it."""


def visible(text: str) -> str:
    """`text` with every character that is not printable as its escape, except line feeds and tabs."""
    if text.isprintable():
        return text
    return "".join(char if char in KEPT or char.isprintable() else _escape(char) for char in text)


def plain(text: str) -> str:
    """`text` on one line: like `visible`, and with line feeds and tabs as their escapes, too."""
    return text if text.isprintable() else "".join(char if char.isprintable() else _escape(char) for char in text)


def visible_json(text: str) -> str:
    """A JSON document in which no string contains a character or a command that `Guard` would have to change."""
    shown = "".join(char if char in KEPT or char.isprintable() else _json_escape(char) for char in text)
    return shown.replace("##[", "#\\u0023[")


def _visible_except(kept: re.Pattern[str], text: str) -> str:
    """Like `visible`, but leaves what the pattern, which has no groups, matches."""
    matches = kept.findall(text)
    parts = map(visible, kept.split(text))
    return "".join(part + (matches.pop(0) if matches else "") for part in parts)


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode()


def _json_escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


class Guard:
    """A text stream that changes what it writes to `stream` so that it is only text; otherwise that stream.

    In GitHub Actions no line can be a workflow command: the runner executes a line that starts with `::` after white
    space, and `##[` anywhere (actions/runner, src/Runner.Common/ActionCommand.cs).
    """

    def __init__(self, stream: TextIO, environ: Mapping[str, str], *, kept: re.Pattern[str] | None = None) -> None:
        self.stream = stream
        self._kept = kept
        self._in_actions = environ.get("GITHUB_ACTIONS") == "true"
        self._line_starts = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def write(self, text: str) -> int:
        """Writes `text`; returns its length."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        shown = _visible_except(self._kept, text) if self._kept else visible(text)
        self.stream.write(self._without_commands(shown) if self._in_actions else shown)
        return len(text)

    def _without_commands(self, text: str) -> str:
        shown = []
        for number, line in enumerate(text.replace("##[", "##\\x5b").split("\n")):
            starts = self._line_starts if number == 0 else True
            begun = COLOURS.sub("", line).lstrip()
            if starts and begun.startswith(":"):
                line = line.replace(":", "\\x3a", 1)
            self._line_starts = starts and not begun
            shown.append(line)
        return "\n".join(shown)

    def writelines(self, lines: Any) -> None:
        """Writes each of `lines`."""
        for line in lines:
            self.write(line)


def guard(environ: Mapping[str, str] = os.environ) -> None:
    """Puts a guard before standard output and standard error of this process."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, Guard):
            if hasattr(stream, "reconfigure"):  # a terminal that is not UTF-8 gets escapes instead of an error
                stream.reconfigure(errors="backslashreplace")
            setattr(sys, name, Guard(stream, environ))


def unguarded(stream: TextIO) -> TextIO:
    """The stream behind the guard, for workflow commands."""
    return stream.stream if isinstance(stream, Guard) else stream


def styled(stream: TextIO, environ: Mapping[str, str] = os.environ, *, spinner: bool = False) -> TextIO:
    """The stream with a guard that lets the colours of rich pass; with `spinner`, also what draws a spinner.

    Only for a console that has already made the text from outside visible (refit.report.console).
    """
    spins = spinner and environ.get("GITHUB_ACTIONS") != "true"
    return cast("TextIO", Guard(unguarded(stream), environ, kept=SPINNER if spins else COLOURS))

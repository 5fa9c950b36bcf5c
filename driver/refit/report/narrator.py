"""Prints progress on standard error, because standard output is for data. Honours NO_COLOR."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from rich.console import Console

from refit.report.console import SafeConsole
from refit.report.spinner import working


class Narrator:
    """Prints headings and lines, and measures the seconds of each phase."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or SafeConsole(stderr=True, soft_wrap=True)
        self.seconds: dict[str, float] = {}
        """The seconds of each phase, in order of execution."""

    @property
    def width(self) -> int:
        """The number of columns of the terminal."""
        return self._console.width

    @contextmanager
    def phase(self, name: str, title: str) -> Iterator[None]:
        """Prints `title`, and adds the time until the end of the block to the phase `name`."""
        self._console.print(f"\n{title}", style="bold")
        started = time.monotonic()
        try:
            with self.working(name):
                yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.monotonic() - started, 1)

    def working(self, what: str) -> AbstractContextManager[None]:
        """Shows a spinner with `what` and the elapsed time during the block, on a terminal; lines appear above it."""
        return working(what, self._console)

    def say(self, text: str) -> None:
        """Prints one line, indented under its heading."""
        self._console.print(f"  {text}")

    def quote(self, message: str) -> None:
        """Prints a Slack message without its links, which lead to the AWS console."""
        first, *others = [line for line in message.splitlines() if not line.startswith("https://")]
        self._console.print(f"  • {first}")
        for line in others:
            self._console.print(f"    {line}", style="dim")

    def picture(self, file: Path, title: str) -> None:
        """Saves as an SVG what a recording console has printed; it uses local fonts, none from the network."""
        drawn = self._console.export_svg(title=title)
        file.write_text(re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.DOTALL), encoding="utf-8")

    def show(self, renderable: object) -> None:
        """Prints a table or another renderable of rich."""
        self._console.print(renderable)

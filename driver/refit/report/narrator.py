"""Tells a person what is going on, on standard error: standard output is for data. Honours NO_COLOR."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape


class Narrator:
    """Headings, lines under them, and the seconds that each phase took."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self.seconds: dict[str, float] = {}
        """By phase, in the order they ran."""

    @property
    def width(self) -> int:
        """The columns of the terminal."""
        return self._console.width

    @contextmanager
    def phase(self, name: str, title: str) -> Iterator[None]:
        """Prints `title`, and counts the time until the end towards `name`."""
        self._console.print(f"\n[bold]{escape(title)}[/bold]")
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.monotonic() - started, 1)

    def say(self, text: str) -> None:
        """Prints one line, indented under its heading; `text` is not markup."""
        self._console.print(f"  {escape(text)}")

    def quote(self, message: str) -> None:
        """Prints a message of several lines without its links, which lead into a console that is not there."""
        first, *others = [line for line in message.splitlines() if not line.startswith("https://")]
        self._console.print(f"  • {escape(first)}")
        for line in others:
            self._console.print(f"    {escape(line)}", style="dim")

    def picture(self, file: Path, title: str) -> None:
        """Saves as an SVG what was printed to a recording console; with the reader's fonts, none from the network."""
        drawn = self._console.export_svg(title=title)
        file.write_text(re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.DOTALL), encoding="utf-8")

    def show(self, renderable: object) -> None:
        """Prints a table or another of rich's renderables."""
        self._console.print(renderable)

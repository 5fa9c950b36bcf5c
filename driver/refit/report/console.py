"""The console of rich for all output: text from outside is neither markup nor an emoji, and moves no cursor."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from refit.safe_output import styled, visible


class SafeConsole(Console):
    """A console without markup, emoji codes and highlighting; only styles of the code colour its text."""

    def __init__(self, *, stderr: bool = False, **options: Any) -> None:
        stream = styled(sys.stderr, spinner=True) if stderr else styled(sys.stdout)
        super().__init__(file=stream, markup=False, emoji=False, highlight=False, **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments of `renderable`, without control characters in their text."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=visible(segment.text))

    def render_str(self, text: str, **options: Any) -> Text:
        """The text of a cell or a line, with its final width."""
        return super().render_str(visible(text), **options)

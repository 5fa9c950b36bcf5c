"""The spinner of a command that takes long: on a terminal only, without a trace, and below the lines of progress."""

from __future__ import annotations

import io

import pytest

from refit.report.console import SafeConsole
from refit.report.narrator import Narrator
from refit.report.spinner import working
from refit.safe_output import Guard, unguarded


class Screen(io.StringIO):
    """A stream that is a terminal, or a pipe."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> SafeConsole:
    """A terminal of 80 columns."""
    for name in ("CI", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    return screen(monkeypatch, terminal=True)


def screen(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> SafeConsole:
    monkeypatch.setattr("sys.stderr", Guard(Screen(terminal=terminal), {}))
    return SafeConsole(stderr=True, width=80, soft_wrap=True, force_terminal=terminal or None)


def printed(console: SafeConsole) -> str:
    screen = unguarded(console.file)  # type: ignore[arg-type]
    assert isinstance(screen, Screen)
    return screen.getvalue()


def test_a_terminal_shows_what_takes_long_and_for_how_long(console: SafeConsole) -> None:
    with working("building local/[home] :100:", console):
        pass
    shown = printed(console)
    assert "\\x1b" not in shown
    assert "building local/[home] :100:" in shown
    assert "0:00:00" in shown
    assert shown.rstrip().endswith("\x1b[2K")  # the spinner's line is erased


def test_lines_of_progress_are_printed_meanwhile(console: SafeConsole) -> None:
    narrator = Narrator(console)
    with narrator.working("waiting for the runs"):
        narrator.say("1.0 s  CheckData  held by \x1b[2Kada\r")
    assert "  1.0 s  CheckData  held by \\x1b[2Kada" in printed(console)


@pytest.mark.parametrize(("variable", "value"), [("CI", "true"), ("TERM", "dumb")])
def test_ci_and_a_dumb_terminal_show_nothing(
    console: SafeConsole, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with working("building", console):
        pass
    assert printed(console) == ""


def test_a_pipe_shows_nothing_even_if_it_is_coloured(console: SafeConsole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    piped = screen(monkeypatch, terminal=False)
    assert piped.is_terminal
    with working("building", piped):
        pass
    assert printed(piped) == ""


def test_an_error_ends_the_spinner(console: SafeConsole) -> None:
    with pytest.raises(ValueError, match="no"), working("building", console):
        raise ValueError("no")
    assert printed(console).rstrip().endswith("\x1b[2K")
    assert "\x1b[?25h" in printed(console)  # the cursor is shown again

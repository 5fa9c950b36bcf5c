"""Text from outside is only text: it sets no colour, moves no cursor, and is no command of GitHub's runner."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from rich.table import Table
from rich.text import Text

from refit.report.console import SafeConsole
from refit.safe_output import COLOURS, Guard, plain, visible, visible_json
from tests.support.nasty_text import TEXT
from tests.support.runner import commands

DRIVER = Path(__file__).parents[2] / "driver" / "refit"
ACTIONS = {"GITHUB_ACTIONS": "true"}
HOSTILE = "\x1b]0;title\x07\x1b[2J\x9b31m\r\u202e\ud800 :100: [bold]x[/bold]"


def written(text: str, *, colours: bool = False) -> str:
    out = io.StringIO()
    print(text, file=Guard(out, ACTIONS, kept=COLOURS if colours else None))
    return out.getvalue()


@given(TEXT)
def test_what_is_printed_is_no_command_and_has_no_control_character(text: str) -> None:
    for colours in (False, True):
        shown = written(text, colours=colours)
        assert commands(shown) == []
        assert "##[" not in shown
    assert all(char.isprintable() or char in "\n\t" for char in written(text))


@pytest.mark.parametrize("pieces", [(":", ":error::x"), ("  ", "::error::x"), ("a\n", ":", ":error::x")])
def test_a_command_in_pieces_is_no_command(pieces: tuple[str, ...]) -> None:
    out = io.StringIO()
    guard = Guard(out, ACTIONS)
    guard.writelines(pieces)
    assert commands(out.getvalue()) == []


def test_outside_of_github_a_colon_stays_a_colon() -> None:
    out = io.StringIO()
    print("::1 is an address", file=Guard(out, {}))
    assert out.getvalue() == "::1 is an address\n"


def test_text_on_one_line_has_no_line_feed() -> None:
    assert plain("a\n::b\tc") == "a\\n::b\\tc"
    assert visible("a\n::b\tc") == "a\n::b\tc"


@given(TEXT)
def test_json_says_the_same_without_a_character_that_the_guard_changes(text: str) -> None:
    document = visible_json(json.dumps({"text": text}, ensure_ascii=False, indent=2))
    assert json.loads(document) == {"text": text}
    assert written(document) == f"{document}\n"


def test_a_console_shows_text_from_outside_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(HOSTILE)
    table.add_row(HOSTILE, Text(HOSTILE))
    console = SafeConsole(width=400, force_terminal=True, color_system="standard")
    console.print(HOSTILE, style="red")
    console.print(table)
    shown = capsys.readouterr().out
    assert shown.count(":100: [bold]x[/bold]") == 3
    assert all(char.isprintable() or char == "\n" for char in re.sub(r"\x1b\[[0-9;]*m", "", shown))
    assert "\x1b[31m" in shown
    assert "\x1b[2J" not in shown


def test_no_other_code_makes_a_console_or_passes_the_guard() -> None:
    allowed = {"report/console.py", "safe_output.py", "github/workflow_commands.py"}
    passing = re.compile(r"\bConsole\(|unguarded\(|sys\.__std|os\.write\(1|stdout\.buffer")
    sources = {str(file.relative_to(DRIVER)): file.read_text() for file in DRIVER.rglob("*.py")}
    found = {name for name, text in sources.items() if passing.search(text.replace("SafeConsole(", ""))}
    assert {name for name in found if not name.startswith("embedded_cloud/")} <= allowed

"""The exact text of every `--help`, so that a pull request shows every change to it."""

from __future__ import annotations

from functools import cache

import pytest
from typer.testing import CliRunner

from refit.commands import app
from tests.support.command_line import GROUPS, PATHS
from tests.support.golden import FOLDER, same_as

WIDTH = "80"


@cache
def help_of(path: tuple[str, ...]) -> str:
    environment = {"COLUMNS": WIDTH, "TERMINAL_WIDTH": WIDTH, "NO_COLOR": "1"}
    result = CliRunner().invoke(app, [*path, "--help"], env=environment, prog_name="refit")
    assert result.exit_code == 0, result.output
    return result.stdout


def file_of(path: tuple[str, ...]) -> str:
    return "-".join(path) or "refit"


@pytest.mark.parametrize("path", PATHS, ids=file_of)
def test_help_is_the_one_that_was_reviewed(path: tuple[str, ...]) -> None:
    assert same_as(f"help/{file_of(path)}.txt", help_of(path)), (
        "read it, then: REFIT_WRITE_GOLDEN=1 .venv/bin/pytest tests/repository/test_help.py"
    )


@pytest.mark.parametrize("path", [path for path in PATHS if path not in GROUPS], ids=file_of)
def test_every_command_shows_an_example(path: tuple[str, ...]) -> None:
    assert "\n  Example: " in help_of(path)


@pytest.mark.parametrize("path", PATHS, ids=file_of)
def test_help_begins_with_an_imperative(path: tuple[str, ...]) -> None:
    verb = help_of(path).split("\n\n")[1].split()[0]
    assert verb.istitle()
    assert not verb.endswith("s"), f"{verb}: write it as git and gh do: Show, not Shows"


@pytest.mark.parametrize("path", PATHS, ids=file_of)
def test_help_fits_a_terminal(path: tuple[str, ...]) -> None:
    assert max(map(len, help_of(path).splitlines())) <= int(WIDTH)


def test_no_golden_file_is_left_of_a_removed_command() -> None:
    assert {file.stem for file in (FOLDER / "help").glob("*.txt")} == set(map(file_of, PATHS))

"""What `--help` says, word by word: a change of it is seen in the pull request that makes it."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from refit.commands import app
from tests.support.command_line import GROUPS, PATHS
from tests.support.golden import FOLDER, same_as

WIDTH = "80"


def help_of(path: tuple[str, ...]) -> str:
    environment = {"COLUMNS": WIDTH, "TERMINAL_WIDTH": WIDTH, "NO_COLOR": "1"}
    result = CliRunner().invoke(app, [*path, "--help"], env=environment, prog_name="refit")
    assert result.exit_code == 0, result.output
    return result.stdout


def file_of(path: tuple[str, ...]) -> str:
    return "-".join(path) or "refit"


@pytest.mark.parametrize("path", PATHS, ids=file_of)
def test_help_is_as_it_was_read_last(path: tuple[str, ...]) -> None:
    assert same_as(f"help/{file_of(path)}.txt", help_of(path)), (
        "read it, then: REFIT_WRITE_GOLDEN=1 .venv/bin/pytest tests/repository/test_help.py"
    )


@pytest.mark.parametrize("path", [path for path in PATHS if path not in GROUPS], ids=file_of)
def test_every_command_shows_an_example(path: tuple[str, ...]) -> None:
    assert "\n  Example: " in help_of(path)


@pytest.mark.parametrize("path", PATHS, ids=file_of)
def test_help_fits_a_terminal(path: tuple[str, ...]) -> None:
    assert max(map(len, help_of(path).splitlines())) <= int(WIDTH)


def test_no_help_is_kept_of_a_command_that_is_gone() -> None:
    assert {file.stem for file in (FOLDER / "help").glob("*.txt")} == set(map(file_of, PATHS))

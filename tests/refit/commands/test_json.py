"""Every command has --json, and then prints its result and its errors as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from refit.commands import app
from tests.support.command_line import GROUPS, PATHS, refit

WITHOUT = {
    ("event",): "its output, the input of a run, is always JSON",
    ("terraform",): "its arguments go to terraform, which has -json for some of its commands",
}
"""The commands without --json of their own, and why."""
COMMANDS = [path for path in PATHS if path not in GROUPS]


def options(path: tuple[str, ...]) -> set[str]:
    command: Any = typer.main.get_command(app)
    for name in path:
        command = command.commands[name]
    return {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize("path", COMMANDS, ids="-".join)
def test_every_command_has_the_option(path: tuple[str, ...]) -> None:
    assert ("--json" in options(path)) == (path not in WITHOUT)


@pytest.mark.parametrize("path", [path for path in COMMANDS if path != ("event",)], ids="-".join)
def test_an_error_is_one_json_object(path: tuple[str, ...], tmp_path: Path) -> None:
    """Outside of any project, and without the arguments that some commands need."""
    said = refit(*path, "--json", cwd=tmp_path)
    assert said.returncode in (1, 2)
    if path == ("doctor",):  # its result names what is missing
        assert json.loads(said.stdout)
        return
    assert said.stdout == ""
    (line,) = said.stderr.splitlines()
    error = json.loads(line)
    assert error["error"]
    assert (said.returncode == 2) == error["hint"].startswith("run: refit ")


def test_an_unknown_option_is_one_json_object(tmp_path: Path) -> None:
    said = refit("status", "--json", "--bogus", cwd=tmp_path)
    assert said.returncode == 2
    assert json.loads(said.stderr) == {"error": "No such option: --bogus", "hint": "run: refit status --help"}


def test_init_reports_its_files(tmp_path: Path) -> None:
    first = json.loads(refit("init", "--yes", "--json", cwd=tmp_path).stdout)
    assert first["first"]
    assert "README.md" in first["written"]
    (tmp_path / "README.md").write_text("")
    again = refit("init", "--yes", "--json", cwd=tmp_path)
    assert again.returncode == 1
    (different,) = json.loads(again.stdout)["differing"]
    assert (different["path"], different["state"]) == ("README.md", "edited")
    assert different["diff"]


def test_the_embedded_cloud_reports_that_it_is_not_running(tmp_path: Path) -> None:
    (tmp_path / "refit.toml").touch()
    assert json.loads(refit("local", "down", "--json", cwd=tmp_path).stdout) == {"stopped": False}
    assert json.loads(refit("local", "reset", "--json", cwd=tmp_path).stdout) == {
        "stopped": False,
        "state_deleted": True,
    }

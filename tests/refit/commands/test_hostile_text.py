"""No command prints text from arguments, files and file names as a command of the runner or the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checkout import Checkout
from tests.support.command_line import GROUPS, PATHS, refit
from tests.support.runner import commands

HOSTILE = "x\n::error::a\r::set-output name=a::b ##[error]c\x1b]0;title\x07\x1b[2J\x9b31m\u202e :100: [bold]"
COMMANDS = [path for path in PATHS if path not in GROUPS]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with hostile text in a pipeline file's value and field, and in the names of files."""
    checkout = Checkout(tmp_path_factory.mktemp("hostile"))
    checkout.pipeline("prod/prices")
    checkout.commit()
    checkout.pipeline("prod/prices", f"slack = {{ channel = {_hcl(HOSTILE)} }}", f"{_hcl(HOSTILE)} = 1")
    folder = checkout.root / "terraform" / "pipelines"
    (folder / "prod" / f"{HOSTILE.replace('/', '')}.tfvars").write_text(f"pipeline = {_hcl(HOSTILE)}\n")
    (folder / f"{HOSTILE}.tfvars").write_text("")
    checkout.commit()
    return checkout.root


def _hcl(text: str) -> str:
    return '"' + "".join(char if char.isalnum() or char in ":[ =#]" else f"\\u{ord(char):04x}" for char in text) + '"'


def check(printed: str) -> None:
    assert commands(printed) == []
    assert "##[" not in printed
    assert "Traceback" not in printed
    assert "\N{HUNDRED POINTS SYMBOL}" not in printed
    assert [char for char in printed if not char.isprintable() and char not in "\n\t"] == []


@pytest.mark.parametrize("path", COMMANDS, ids="-".join)
def test_an_argument(path: tuple[str, ...], hostile: Path) -> None:
    said = refit(*path, HOSTILE, cwd=hostile, GITHUB_ACTIONS="true", AWS_ENDPOINT_URL="")
    assert said.returncode != 0
    check(said.stdout)
    check(said.stderr)


@pytest.mark.parametrize(
    "line",
    [
        "validate",
        "build",
        "changes --base HEAD~1",
        "plan --base HEAD~1 --offline",
        "trigger --base HEAD~1",
        "take HEAD",
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_a_file_and_its_name(line: str, form: tuple[str, ...], hostile: Path) -> None:
    said = refit(*line.split(), *form, cwd=hostile, GITHUB_ACTIONS="true", AWS_ENDPOINT_URL="")
    check(said.stdout)
    check(said.stderr)

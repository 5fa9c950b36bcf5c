"""A command imports what it needs and no more, so that help and validation are quick."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.command_line import PATHS, ROOT

AWS = {"boto3", "botocore", "s3transfer", "urllib3"}
PYDANTIC = {"pydantic", "pydantic_core"}
PIPELINE_FILES = {"hcl2", "lark"} | PYDANTIC
EMBEDDED_CLOUD = {"asyncio", "hypercorn", "ministack", "numpy"}
HEAVY = AWS | PIPELINE_FILES | EMBEDDED_CLOUD | {"jinja2", "rich", "slack_sdk"}

PROBE = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
REFIT = "sys.argv[0] = 'refit'; from refit.cli import main; main()"
BARE_TYPER = """
import typer
app = typer.Typer(rich_markup_mode=None)
@app.command()
def one(option: bool = False) -> None:
    pass
@app.command()
def other() -> None:
    pass
app()
"""


def heavy_modules(code: str, *arguments: str, **environment: str) -> set[str]:
    """Which of HEAVY a Python process has imported when it has run `code` with `arguments`."""
    result = subprocess.run(
        [sys.executable, "-c", PROBE + code, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    loaded = {name.split(".")[0] for name in result.stderr.split()}
    assert "typer" in loaded
    return loaded & HEAVY


@pytest.fixture(scope="module")
def typers() -> set[str]:
    """What typer imports by itself to show the help of a command: it converts values with pydantic."""
    modules = heavy_modules(BARE_TYPER, "one", "--help")
    assert modules <= PYDANTIC
    return modules


def test_the_list_of_commands_imports_nothing_heavy() -> None:
    assert heavy_modules(REFIT, "--help") == set()


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_imports_nothing_heavy_but_what_typer_needs(path: tuple[str, ...], typers: set[str]) -> None:
    assert heavy_modules(REFIT, *path, "--help") <= typers


def test_completion_imports_nothing_heavy_but_what_typer_needs(typers: set[str]) -> None:
    asking = {"_REFIT_COMPLETE": "complete_bash", "COMP_WORDS": "refit status ", "COMP_CWORD": "2"}
    assert heavy_modules(REFIT, **asking) <= typers


def test_validation_imports_what_reads_and_checks_a_file_and_no_aws() -> None:
    modules = heavy_modules(REFIT, "validate")
    assert modules >= PYDANTIC
    assert modules <= PIPELINE_FILES

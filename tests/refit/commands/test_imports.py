"""A command imports only what it needs, so that help and validation are fast."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.command_line import PATHS, ROOT, asking

AWS = {"boto3", "botocore", "s3transfer", "urllib3"}
PYDANTIC = {"pydantic", "pydantic_core"}
PIPELINE_FILES = {"hcl2", "lark"} | PYDANTIC
EMBEDDED_CLOUD = {"asyncio", "hypercorn", "ministack", "numpy"}
HEAVY = AWS | PIPELINE_FILES | EMBEDDED_CLOUD | {"jinja2", "pyarrow", "rich", "slack_sdk"}

PROBE = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
sys.argv[0] = "refit"
from refit.cli import main
main()
"""


def heavy_modules(*arguments: str, **environment: str) -> set[str]:
    """Which of HEAVY the process of `refit ARGUMENTS` has imported when it ends."""
    result = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
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


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_imports_nothing_heavy(path: tuple[str, ...]) -> None:
    assert heavy_modules(*path, "--help") == set()


@pytest.mark.parametrize("line", ["refit sta", "refit local st"])
def test_completion_of_commands_imports_nothing_heavy(line: str) -> None:
    assert heavy_modules(**asking(line)) == set()


def test_completion_of_pipelines_imports_only_what_typer_converts_arguments_with() -> None:
    assert heavy_modules(**asking("refit status ")) <= PYDANTIC


def test_validation_imports_what_reads_and_checks_a_file_and_no_aws() -> None:
    modules = heavy_modules("validate")
    assert modules >= PYDANTIC
    assert modules <= PIPELINE_FILES

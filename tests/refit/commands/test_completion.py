"""Shell completion as bash requests it: commands, options and the names of pipelines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checkout import Checkout
from tests.support.command_line import asking, refit


@pytest.fixture
def project(tmp_path: Path) -> Path:
    checkout = Checkout(tmp_path)
    for key in ("prod/prices", "prod/churn", "staging/prices"):
        checkout.pipeline(key)
    return checkout.root


def complete(line: str, cwd: Path) -> list[str]:
    """The completions of the last word of `line`."""
    result = refit(cwd=cwd, **asking(line))
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout.split()


def test_commands_are_completed(project: Path) -> None:
    assert complete("refit sta", project) == ["status"]
    assert complete("refit local st", project) == ["status"]


@pytest.mark.parametrize("command", ["build", "history", "status", "terraform plan", "trigger", "validate"])
def test_the_names_of_pipelines_are_completed(project: Path, command: str) -> None:
    assert complete(f"refit {command} prod/", project) == ["prod/churn", "prod/prices"]


def test_outside_a_project_no_pipeline_is_completed(tmp_path: Path) -> None:
    assert complete("refit history ", tmp_path) == []


def test_options_are_completed(project: Path) -> None:
    assert complete("refit rollback --ho", project) == ["--hold"]


def test_the_script_for_a_shell_names_this_command(project: Path) -> None:
    shown = refit("--show-completion", "bash", cwd=project, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert "complete -o default -F _refit_completion refit" in shown.stdout

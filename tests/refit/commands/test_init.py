"""`refit init` on the command line: its questions, its lines, its exit codes."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

from refit.version import VERSION
from tests.support.command_line import REFIT, refit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def answer_on_a_terminal(folder: Path, *lines: str) -> subprocess.CompletedProcess[bytes]:
    """Runs `refit init` with a terminal as its input, on which a user types the lines."""
    terminal, inside = pty.openpty()
    try:
        os.write(terminal, "".join(f"{line}\n" for line in lines).encode())
        environment = {name: value for name, value in os.environ.items() if name != "AWS_REGION"}
        return subprocess.run(
            [REFIT, "init", "--owners", "@acme/ml"],
            cwd=folder,
            env=environment,
            stdin=inside,
            capture_output=True,
            timeout=120,
            check=False,
        )
    finally:
        os.close(terminal)
        os.close(inside)


def test_it_asks_for_what_no_option_says_and_shows_the_defaults(tmp_path: Path) -> None:
    done = answer_on_a_terminal(
        tmp_path, "staging", "fraud", "eu-central-1", "", "30", "210987654321", "", f"acme/refit@{COMMIT}"
    )
    assert done.returncode == 0, done.stderr.decode()
    asked = done.stderr.decode()
    assert "Environment (a folder of pipelines, usually one per AWS account) [prod]:" in asked
    assert "Prefix of the daily data in the bucket [data/fraud/train/]:" in asked
    assert "GitHub users" not in asked
    text = (tmp_path / "terraform" / "pipelines" / "staging" / "fraud.tfvars").read_text()
    assert 'region   = "eu-central-1"' in text
    assert 'prefix = "data/fraud/train/", feature_dim = 30 }' in text
    assert 'account      = "210987654321"' in (tmp_path / "refit.toml").read_text()
    assert f"@{COMMIT} # v{VERSION}" in (tmp_path / ".github" / "workflows" / "plan.yml").read_text()


def test_without_a_terminal_it_asks_nothing_and_writes_nothing(tmp_path: Path) -> None:
    done = refit("init", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "add --yes to accept the defaults of the omitted options"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_differs_is_exit_code_1_and_an_update_is_0(tmp_path: Path) -> None:
    first = refit("init", "models", "--yes", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "created refit.toml" in first.stdout.splitlines()
    assert "not generated: .github/workflows: the repository with Refit's workflows is unknown" in first.stdout
    assert refit("init", "models", cwd=tmp_path).returncode == 0
    (tmp_path / "models" / ".gitignore").write_text("/build/\n")
    again = refit("init", "models", cwd=tmp_path)
    assert again.returncode == 1
    assert again.stdout.splitlines()[:3] == ["edited: .gitignore", "--- .gitignore", f"+++ refit {VERSION}"]
    assert "files that differ from what Refit" in again.stdout
    updated = refit("init", "models", "--update", cwd=tmp_path)
    assert updated.returncode == 0
    assert updated.stdout.startswith("left alone, because it was edited: .gitignore; the difference to Refit ")
    assert (tmp_path / "models" / ".gitignore").read_text() == "/build/\n"


def test_all_mistakes_of_a_pipeline_are_reported_and_nothing_is_written(tmp_path: Path) -> None:
    done = refit("init", "models", "--yes", "--pipeline", "Fraud!", "--region", "here", cwd=tmp_path)
    assert done.returncode == 1
    assert {line.split()[1] for line in done.stderr.splitlines() if ".tfvars:" in line} >= {"bad-name", "bad-region"}
    assert list(tmp_path.iterdir()) == []

"""`refit init` on the command line: its questions, its lines, its exit codes."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
from pathlib import Path

import pytest

from refit.version import VERSION
from tests.support.command_line import REFIT, refit
from tests.support.waiting import until

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def without_region() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "AWS_REGION"}


def answer_on_a_terminal(folder: Path, *lines: str) -> subprocess.CompletedProcess[bytes]:
    """Runs `refit init` with a terminal as its input, on which a user types the lines."""
    terminal, inside = pty.openpty()
    try:
        os.write(terminal, "".join(f"{line}\n" for line in lines).encode())
        environment = without_region()
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


def test_a_wrong_answer_is_asked_again_at_once_and_the_others_are_kept(tmp_path: Path) -> None:
    lines = ("Prod", "prod", "Fraud!", "fraud", "here", "", "", "many", "0", "30", "12", "", "#x y", "", "refit", "")
    done = answer_on_a_terminal(tmp_path, *lines)
    assert done.returncode == 0, done.stderr.decode()
    said = done.stderr.decode()
    for wrong in (
        "Fraud!: must be 2 to 32 lowercase letters",
        "here: must be the code of an AWS region",
        "many: must be a whole number, such as 13",
        "0: must be between 1 and ",
        'cannot be "12"; write the 12 digits of an AWS account, such as ',
        "#x y: must be the name of a channel",
        "refit: does not name a repository and a commit; write OWNER/REPO@COMMIT",
    ):
        assert wrong in said
    assert "--" not in said, "no option was typed"
    text = (tmp_path / "terraform" / "pipelines" / "prod" / "fraud.tfvars").read_text()
    assert "feature_dim = 30 }" in text
    assert json.loads((tmp_path / ".refit-init.json").read_text())["answers"]["features"] == 30


def _sleeps(pid: int) -> bool:
    """Whether a process waits for something; True on a system without /proc."""
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "S"


def test_ctrl_c_at_a_question_ends_by_sigint(tmp_path: Path) -> None:
    terminal, inside = pty.openpty()
    try:
        process = subprocess.Popen(
            [REFIT, "init"],
            cwd=tmp_path,
            stdin=inside,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A shell that runs the tests in the background has them ignore Ctrl-C, and their processes with them.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        assert process.stderr
        asked = b""
        while not asked.endswith(b"[prod]:"):
            asked += os.read(process.stderr.fileno(), 1) or pytest.fail(asked.decode())
        # Python notices a signal that arrives just before a read only after it: the process must have begun to wait.
        until(lambda: _sleeps(process.pid))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        os.close(terminal)
        os.close(inside)
    assert (process.returncode, out.strip(), err.strip()) == (-signal.SIGINT, b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_it_asks_nothing_and_writes_nothing(tmp_path: Path) -> None:
    done = refit("init", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "add --yes to accept the defaults of the omitted options"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_differs_is_exit_code_1_and_an_update_is_0(tmp_path: Path) -> None:
    first = refit("init", "models", "--yes", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "created refit.toml" in first.stdout.splitlines()
    assert "refit validate; README.md has the commands after that" in first.stdout
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
    wrong = ("--pipeline", "Fraud!", "--region", "here", "--features", "0", "--owners", "acme", "--account", "12")
    done = refit("init", "models", "--yes", *wrong, cwd=tmp_path)
    assert done.returncode == 1
    *lines, hint = done.stderr.splitlines()
    assert {line.partition(": ")[0] for line in lines} == {
        " ".join(pair) for pair in zip(wrong[::2], wrong[1::2], strict=True)
    }
    assert hint == "nothing has been written"
    assert ".tfvars" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_region_of_the_shell_is_checked_too(tmp_path: Path) -> None:
    done = refit("init", "models", "--yes", cwd=tmp_path, AWS_REGION="here")
    assert done.returncode == 1
    assert done.stderr.startswith("AWS_REGION here: must be the code of an AWS region")
    assert refit("init", "models", "--yes", "--region", "eu-west-1", cwd=tmp_path, AWS_REGION="here").returncode == 0


@pytest.mark.parametrize("name", ["/abs", "a/b", "../b"])
def test_a_name_that_is_a_path_is_rejected(tmp_path: Path, name: str) -> None:
    for option in ("--pipeline", "--environment"):
        done = refit("init", "models", "--yes", option, name, cwd=tmp_path)
        assert (done.returncode, done.stderr.splitlines()[0]) == (1, f"{option} {name}: must be a name without /")


@pytest.mark.parametrize("folder", ["file", "file/models"])
def test_a_file_instead_of_a_folder(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()
    done = refit("init", folder, "--yes", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0].endswith("file is a file, not a folder")


@pytest.mark.parametrize(
    "arguments", [("init", "--features", "x"), ("local", "up", "--port", "x"), ("logs", "prod/x", "--limit", "x")]
)
def test_letters_for_a_number_are_reported_in_plain_words(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = refit(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"Error: Invalid value for '{arguments[-2]}': must be a whole number"

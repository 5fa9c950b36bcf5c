"""`refit demo` as a new user runs it, and interrupted: Ctrl-C leaves nothing running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from refit.terraform.binary import INSTALL
from tests.support.end_to_end.deployed import ROOT, checkout

REFIT = Path(sys.executable).with_name("refit")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    checkout(tmp_path, "local/home-prices.tfvars")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


def show(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [REFIT, "demo", "--json"],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell that runs the tests in the background makes them, and their child processes, ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def left_running(folder: Path) -> list[str]:
    """The command lines of processes that run in the folder or name it in their command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = process.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(folder) in command or str(process.joinpath("cwd").readlink()).startswith(str(folder)):
                found.append(command)
        except OSError:  # it ended meanwhile
            continue
    return found


def test_the_demo_shows_what_it_promises(folder: Path) -> None:
    process = show(folder)
    out, err = process.communicate(timeout=900)
    assert process.returncode == 0, err
    facts: dict[str, Any] = json.loads(out)
    assert [run["outcome"] for run in facts["runs"]] == ["Deployed", "Deployed", "NoNewData"]
    assert 0 < facts["rmse"] < 6
    assert len(facts["predictions"]) == 50
    assert facts["requests"] > 0
    assert facts["failed_requests"] == 0
    assert len(facts["answers"]) == 2
    assert len(facts["slack"]) == 6
    assert facts["drift"] is False
    assert {"start", "build", "terraform init", "terraform apply", "first run", "retraining"} <= facts["seconds"].keys()
    assert "Traceback" not in err
    assert left_running(folder) == []


def test_without_terraform_nothing_is_started(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "empty").mkdir()
    monkeypatch.setenv("PATH", str(folder / "empty"))
    process = show(folder)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert json.loads(err) == {"error": "refit demo needs Terraform: terraform is not on the PATH", "hint": INSTALL}
    assert not (folder / ".refit").exists()
    assert not (folder / "build").exists()


@pytest.mark.parametrize(
    ("moment", "stroke", "code"),
    [
        ("terraform apply", signal.SIGINT, -signal.SIGINT),
        ("StartTrainingJob", signal.SIGINT, -signal.SIGINT),
        ("terraform apply", signal.SIGTERM, 143),
    ],
)
def test_who_has_seen_enough_leaves_nothing_running(
    folder: Path, moment: str, stroke: signal.Signals, code: int
) -> None:
    process = show(folder)
    assert process.stderr
    for line in process.stderr:
        if moment in line:
            break
    time.sleep(1)
    os.killpg(process.pid, stroke)
    out, err = process.communicate(timeout=300)
    assert process.returncode == code, err
    assert out == ""
    assert "Traceback" not in err
    assert left_running(folder) == []

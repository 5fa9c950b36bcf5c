"""The bootstrap that `refit init --bootstrap` writes into a team's own repository is complete."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from refit.init.answers import Answers
from refit.init.files import render
from refit.project import Project
from refit.terraform import provider_mirror

ROOT = Path(__file__).parents[3]


def test_the_copy_is_valid_without_the_checkout(tmp_path: Path) -> None:
    for path, file in render(Project(tmp_path), Answers(bootstrap=True), None).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(file.text)
    copy = tmp_path / "terraform" / "bootstrap"
    assert {file.name for file in copy.glob("*.tf")} == {
        file.name for file in (ROOT / "terraform/bootstrap").glob("*.tf")
    }
    mirror = provider_mirror.settings(tmp_path / "build", os.environ)
    variables = {**os.environ, **mirror, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
    environment = {name: value for name, value in variables.items() if value is not None}
    for arguments in (["init", "-backend=false", "-lockfile=readonly"], ["validate"], ["fmt", "-check", "-recursive"]):
        command = ["terraform", *arguments, "-no-color"] if arguments[0] != "fmt" else ["terraform", *arguments]
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (copy / "state_bucket" / "main.tf").read_bytes() == (ROOT / "terraform/modules/bucket/main.tf").read_bytes()

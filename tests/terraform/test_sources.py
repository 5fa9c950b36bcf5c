"""The Terraform sources themselves: valid, formatted, described."""

from __future__ import annotations

import subprocess
from pathlib import Path

import hcl2
import pytest

from tests.support.terraform.planner import Planner

TERRAFORM = Path(__file__).parents[2] / "terraform"
FOLDERS = [TERRAFORM, *sorted((TERRAFORM / "modules").iterdir())]


def test_terraform_finds_the_configuration_valid(planner: Planner) -> None:
    assert "The configuration is valid." in planner.terraform.execute_command("validate", "-no-color").out


def test_terraform_fmt_has_nothing_to_change() -> None:
    checked = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", str(TERRAFORM)], capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_variable_and_output_says_what_it_is(folder: Path) -> None:
    for name, kind in (("variables.tf", "variable"), ("outputs.tf", "output")):
        with (folder / name).open() as file:
            blocks = hcl2.load(file)[kind]
        for block in blocks:
            [(label, body)] = block.items()
            assert body["description"].strip('"').endswith("."), f"{folder.name}/{name}: {label}"
            assert kind == "output" or "type" in body, f"{folder.name}/{name}: {label}"

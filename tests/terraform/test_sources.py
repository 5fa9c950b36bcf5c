"""The Terraform files are valid and formatted, have short lines, and describe their variables and outputs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import hcl2
import pytest

from tests.support.terraform.planner import Planner

TERRAFORM = Path(__file__).parents[2] / "terraform"
FOLDERS = [TERRAFORM, TERRAFORM / "bootstrap", *sorted((TERRAFORM / "modules").iterdir())]


def test_terraform_finds_the_configuration_valid(planner: Planner) -> None:
    assert "The configuration is valid." in planner.terraform.execute_command("validate", "-no-color").out


def test_terraform_fmt_has_nothing_to_change() -> None:
    checked = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", str(TERRAFORM)], capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout


def test_no_line_and_no_file_is_too_long() -> None:
    files = sorted(TERRAFORM.rglob("*.tf"))
    long = [
        f"{file.relative_to(TERRAFORM)}:{number} has {len(line)} characters"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if len(line) > 140
    ]

    assert long == []
    assert [file.name for file in files if len(file.read_text().splitlines()) > 250] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_variable_and_output_has_a_description_and_every_variable_a_type(folder: Path) -> None:
    for file, kind in ((f, k) for k in ("variable", "output") for f in folder.glob(f"{k}s*.tf")):
        for block in hcl2.loads(file.read_text())[kind]:
            [(label, body)] = ((name, body) for name, body in block.items() if name != "__is_block__")
            description = body["description"].strip('"').removesuffix("EOT").rstrip()
            assert description.endswith("."), f"{folder.name}/{file.name}: {label}"
            assert kind == "output" or "type" in body, f"{folder.name}/{file.name}: {label}"

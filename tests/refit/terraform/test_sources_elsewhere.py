"""Terraform in a repository that contains only pipelines: its sources are in the installed package."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.project import PipelineRef, Project, stack_dir
from refit.terraform.runner import Terraform

CLOUD = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_REGION": "us-west-2"}
STAND_IN = """#!/bin/sh
provider="$TF_DATA_DIR/providers/registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64"
/bin/mkdir -p "$provider" && : > "$provider/terraform-provider-aws_v5.100.0_x5"
printf '%s\\n' "$@" > "$STAND_IN_LOG"
"""


@pytest.fixture
def ref(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PipelineRef:
    binary = tmp_path / "bin" / "terraform"
    binary.parent.mkdir()
    binary.write_text(STAND_IN)
    binary.chmod(0o755)
    monkeypatch.setenv("PATH", str(binary.parent))
    monkeypatch.setenv("STAND_IN_LOG", str(tmp_path / "arguments"))
    file = tmp_path / "own" / "terraform" / "pipelines" / "local" / "prices.tfvars"
    file.parent.mkdir(parents=True)
    file.touch()
    monkeypatch.chdir(tmp_path / "own" / "terraform")
    return Project.here().find("local/prices")


def arguments(tmp_path: Path) -> list[str]:
    return (tmp_path / "arguments").read_text().splitlines()


def test_terraform_runs_in_the_packages_folder_on_the_projects_files(ref: PipelineRef, tmp_path: Path) -> None:
    terraform = Terraform(ref, CLOUD)
    terraform.run("plan", ["-lock=false"])
    chdir, action, var_file, *rest = arguments(tmp_path)
    assert chdir == f"-chdir={stack_dir() / 'terraform'}"
    assert (action, var_file, rest) == ("plan", f"-var-file={ref.path}", ["-lock=false"])
    variables = terraform.environment()
    assert variables["TF_VAR_pipelines_dir"] == str(tmp_path / "own" / "terraform" / "pipelines")
    assert variables["TF_VAR_build_dir"] == str(tmp_path / "own" / "build")
    assert variables["TF_DATA_DIR"] == str(tmp_path / "own" / "build" / "local" / "prices" / ".terraform")


@pytest.mark.parametrize("written", [["-out=plan.tfplan"], ["-out", "plan.tfplan"]])
def test_a_plan_is_saved_in_the_working_directory(ref: PipelineRef, tmp_path: Path, written: list[str]) -> None:
    Terraform(ref, CLOUD).run("plan", [*written, "-var=x=plan.tfplan"])
    *_, out, other = arguments(tmp_path)
    assert out.removeprefix("-out=") == str(Path.cwd() / "plan.tfplan")
    assert other == "-var=x=plan.tfplan"


def test_a_saved_plan_is_applied_from_the_working_directory(ref: PipelineRef, tmp_path: Path) -> None:
    Path("plan.tfplan").touch()
    terraform = Terraform(ref, CLOUD)
    assert not terraform.reads_build("apply", ["plan.tfplan"])
    terraform.run("apply", ["-auto-approve", "plan.tfplan"])
    assert arguments(tmp_path)[1:] == ["apply", "-auto-approve", str(Path.cwd() / "plan.tfplan")]

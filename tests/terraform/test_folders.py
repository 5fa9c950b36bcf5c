"""Terraform's sources, the pipeline files and the builds may be in three different folders, as with a wheel."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import tftest

from tests.support.terraform.module import Module
from tests.support.terraform.planner import Plan, Planner
from tests.support.terraform.rights import ACCOUNT, REGION

FUNCTIONS = """
variable "folder" {{
  type = string
}}

resource "aws_s3_bucket" "this" {{
  bucket        = "moved-zip"
  force_destroy = true
}}

module "functions" {{
  source               = "./functions"
  aws                  = {{ partition = "aws", region = "{region}", account_id = "{account}" }}
  name                 = "refit-moved"
  pipeline             = "moved"
  handlers             = {{ check_data = {{ memory_mb = 128, timeout_seconds = 3 }} }}
  statements           = {{ check_data = "[]" }}
  layers               = {{}}
  environment          = {{}}
  zip                  = "${{var.folder}}/lambdas.zip"
  bucket               = aws_s3_bucket.this.id
  log_retention_days   = 1
  permissions_boundary = null
}}
"""
SOURCE = """
variable "folder" {
  type = string
}

resource "aws_s3_bucket" "this" {
  bucket        = "moved-source"
  force_destroy = true
}

module "source" {
  source  = "./source"
  archive = "${var.folder}/source.tar.gz"
  bucket  = aws_s3_bucket.this.id
}
"""


@pytest.fixture
def elsewhere(planner: Planner, tmp_path: Path) -> Planner:
    """The planner with pipeline files and builds in a project that has no Terraform sources of its own."""
    planner.write()
    shutil.copytree(planner.ref.path.parent, tmp_path / "pipelines" / "local")
    shutil.copytree(planner.ref.build_dir, tmp_path / "build" / "local" / "home-prices", dirs_exist_ok=True)
    terraform = tftest.TerraformTest(planner.terraform.tfdir)
    terraform.env = {
        **planner.terraform.env,
        "TF_VAR_pipelines_dir": str(tmp_path / "pipelines"),
        "TF_VAR_build_dir": str(tmp_path / "build"),
    }
    return replace(planner, terraform=terraform)


def test_a_stack_is_planned_from_the_folders_that_the_variables_name(elsewhere: Planner, tmp_path: Path) -> None:
    definition = tmp_path / "build" / "local" / "home-prices" / "state_machine.asl.json"
    definition.write_text(definition.read_text().replace('"Comment": "', '"Comment": "Of another folder: ', 1))

    file = tmp_path / "pipelines" / "local" / "home-prices.tfvars"
    planned = Plan(elsewhere.terraform.plan(output=True, tf_var_file=str(file)))

    machine = planned.module("state_machine")["aws_sfn_state_machine.this"]
    assert '"Comment": "Of another folder: ' in machine["definition"]


def test_a_message_names_the_pipeline_file_as_seen_from_the_project(elsewhere: Planner, tmp_path: Path) -> None:
    file = tmp_path / "pipelines" / "local" / "home-prices.tfvars"
    file.write_text(f"{file.read_text()}# Changed since.\n")
    command = ["terraform", f"-chdir={elsewhere.terraform.tfdir}", "plan", f"-var-file={file}", "-input=false"]

    refused = subprocess.run(
        [*command, "-no-color"], cwd=tmp_path, env=elsewhere.terraform.env, capture_output=True, text=True, check=False
    )

    assert refused.returncode == 1
    message = " ".join(refused.stderr.split())
    assert "local/home-prices is older than pipelines/local/home-prices.tfvars or Refit;" in message


@pytest.mark.parametrize("name", ["pipelines_dir", "build_dir"])
def test_a_relative_folder_is_rejected(planner: Planner, name: str) -> None:
    assert f"{name} must be an absolute path; write TF_VAR_{name}=" in planner.refusal(
        ["terraform_data.build"], **{name: "here"}
    )


@pytest.mark.parametrize(("name", "file"), [("functions", "lambdas.zip"), ("source", "source.tar.gz")])
def test_the_same_file_at_another_path_is_not_a_change_and_another_file_is(
    planner: Planner, tmp_path: Path, name: str, file: str
) -> None:
    planner.write()
    call = SOURCE if name == "source" else FUNCTIONS.format(region=REGION, account=ACCOUNT)
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        shutil.copy(planner.ref.build_dir / "lambdas.zip", tmp_path / folder / file)
    module = Module.of(planner, name, call, tmp_path)
    module.terraform("apply", "-auto-approve", f"-var=folder={tmp_path / 'one'}")
    try:
        shutil.rmtree(tmp_path / "one")
        module.terraform("plan", "-detailed-exitcode", f"-var=folder={tmp_path / 'two'}")

        (tmp_path / "two" / file).write_bytes((tmp_path / "two" / file).read_bytes() + b"\0")
        module.terraform("apply", "-auto-approve", f"-var=folder={tmp_path / 'two'}")
        [stored] = module.client("s3").list_objects_v2(Bucket=f"moved-{'zip' if name == 'functions' else name}")[
            "Contents"
        ]
        assert stored["Size"] == (tmp_path / "two" / file).stat().st_size
    finally:
        module.terraform("destroy", "-auto-approve", f"-var=folder={tmp_path / 'two'}")

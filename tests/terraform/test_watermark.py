"""Terraform never takes a watermark back that a run has moved."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest
from planner import Planner

TERRAFORM = Path(__file__).parents[2] / "terraform"
NAME = "/models/moved/train/latest"
ROOT_MODULE = f"""
variable "pipeline" {{
  type = string
}}

provider "aws" {{
  skip_metadata_api_check     = true
  skip_credentials_validation = true

  default_tags {{
    tags = {{ pipeline = var.pipeline }}
  }}
}}

module "watermark" {{
  source   = "{TERRAFORM / "modules" / "watermark"}"
  name     = "{NAME}"
  pipeline = var.pipeline
}}
"""


@pytest.fixture
def terraform(planner: Planner, tmp_path: Path) -> Callable[..., None]:
    """terraform on the module alone; what it calls the pipeline is in the parameter's description and in its tags."""
    (tmp_path / "main.tf").write_text(ROOT_MODULE)
    for file in ("versions.tf", ".terraform.lock.hcl"):
        shutil.copy(TERRAFORM / file, tmp_path)
    # The one backend of versions.tf is for stacks: this state is a file.
    (tmp_path / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    environment = {**planner.terraform.env, "TF_DATA_DIR": str(tmp_path / ".terraform")}

    def run(action: str, *arguments: str) -> None:
        command = ["terraform", action, "-input=false", "-no-color", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    run("init")
    return run


def test_a_watermark_that_moved_between_plan_and_apply_stays_where_it_is(
    planner: Planner, terraform: Callable[..., None]
) -> None:
    cloud = planner.terraform.env
    ssm = boto3.client(
        "ssm",
        endpoint_url=cloud["AWS_ENDPOINT_URL"],
        region_name=cloud["AWS_REGION"],
        aws_access_key_id=cloud["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=cloud["AWS_SECRET_ACCESS_KEY"],
    )
    terraform("apply", "-auto-approve", "-var=pipeline=a-first-name")

    terraform("plan", "-out=saved", "-var=pipeline=another-name")
    ssm.put_parameter(Name=NAME, Value="2026-11-22", Overwrite=True)
    terraform("apply", "saved")

    assert ssm.get_parameter(Name=NAME)["Parameter"]["Value"] == "2026-11-22"
    [tag] = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=NAME)["TagList"]
    assert tag == {"Key": "pipeline", "Value": "another-name"}

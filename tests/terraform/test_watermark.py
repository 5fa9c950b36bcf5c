"""Terraform never takes back what runs and people have written into a pipeline's parameters."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from planner import Planner

TERRAFORM = Path(__file__).parents[2] / "terraform"
MODULE = TERRAFORM / "modules" / "watermark"
WATERMARK, HOLD = "/models/moved/train/latest", "/models/moved/hold"
ROOT_MODULE = """
variable "tag" {
  type = string
}

provider "aws" {
  skip_metadata_api_check     = true
  skip_credentials_validation = true

  default_tags {
    tags = { tag = var.tag }
  }
}

module "watermark" {
  source   = "./watermark"
  pipeline = "moved"
}
"""
# The module as stacks were applied with it before there were three parameters.
ONE_PARAMETER = """
variable "pipeline" {
  type = string
}

resource "aws_ssm_parameter" "this" {
  name        = "/models/${var.pipeline}/train/latest"
  description = "Newest day of data."
  type        = "String"
  value       = "never"

  lifecycle {
    ignore_changes = [value, description]
  }
}
"""


@pytest.fixture
def terraform(planner: Planner, tmp_path: Path) -> Callable[..., None]:
    """terraform on the module alone, a copy in `watermark/`."""
    shutil.copytree(MODULE, tmp_path / "watermark")
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


@pytest.fixture
def ssm(planner: Planner) -> Any:
    cloud = planner.terraform.env
    client = boto3.client(
        "ssm",
        endpoint_url=cloud["AWS_ENDPOINT_URL"],
        region_name=cloud["AWS_REGION"],
        aws_access_key_id=cloud["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=cloud["AWS_SECRET_ACCESS_KEY"],
    )
    yield client
    left = client.get_parameters_by_path(Path="/models/moved", Recursive=True)["Parameters"]
    client.delete_parameters(Names=[parameter["Name"] for parameter in left])


def value(ssm: Any, name: str) -> str:
    return str(ssm.get_parameter(Name=name)["Parameter"]["Value"])


def test_what_was_written_between_plan_and_apply_stays_as_it_is(
    terraform: Callable[..., None], ssm: Any, tmp_path: Path
) -> None:
    terraform("apply", "-auto-approve", "-var=tag=one")
    module = tmp_path / "watermark" / "main.tf"
    module.write_text(module.read_text().replace("Newest day", "The newest day").replace("Who holds", "Whoever holds"))

    terraform("plan", "-out=saved", "-var=tag=two")
    ssm.put_parameter(Name=WATERMARK, Value="2026-11-22", Overwrite=True)
    ssm.put_parameter(Name=HOLD, Value='{"by": "ann"}', Overwrite=True)
    terraform("apply", "saved")

    assert (value(ssm, WATERMARK), value(ssm, HOLD)) == ("2026-11-22", '{"by": "ann"}')
    [tag] = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=WATERMARK)["TagList"]
    assert tag == {"Key": "tag", "Value": "two"}


def test_a_stack_with_the_watermark_alone_keeps_it_when_the_others_come(
    terraform: Callable[..., None], ssm: Any, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "watermark")
    (tmp_path / "watermark").mkdir()
    (tmp_path / "watermark" / "main.tf").write_text(ONE_PARAMETER)
    terraform("apply", "-auto-approve", "-var=tag=one")
    ssm.put_parameter(Name=WATERMARK, Value="2026-11-22", Overwrite=True)
    version = ssm.get_parameter(Name=WATERMARK)["Parameter"]["Version"]

    shutil.copytree(MODULE, tmp_path / "watermark", dirs_exist_ok=True)
    terraform("apply", "-auto-approve", "-var=tag=one")

    kept = ssm.get_parameter(Name=WATERMARK)["Parameter"]
    assert (kept["Value"], kept["Version"]) == ("2026-11-22", version)
    assert value(ssm, HOLD) == "none"

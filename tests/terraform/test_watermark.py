"""Terraform never overwrites what runs and users have written to a pipeline's parameters."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.terraform.module import TERRAFORM, Module
from tests.support.terraform.planner import Planner

WATERMARK, HOLD = "/models/moved/train/latest", "/models/moved/hold"
CALL = """
module "watermark" {
  source   = "./watermark"
  pipeline = "moved"
}
"""
# The module of earlier versions, which had one parameter.
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
def watermark(planner: Planner, tmp_path: Path) -> Module:
    return Module.of(planner, "watermark", CALL, tmp_path)


@pytest.fixture
def ssm(watermark: Module) -> Iterator[Any]:
    client = watermark.client("ssm")
    yield client
    left = client.get_parameters_by_path(Path="/models/moved", Recursive=True)["Parameters"]
    client.delete_parameters(Names=[parameter["Name"] for parameter in left])


def value(ssm: Any, name: str) -> str:
    return str(ssm.get_parameter(Name=name)["Parameter"]["Value"])


def test_a_value_that_was_written_between_plan_and_apply_is_kept(watermark: Module, ssm: Any) -> None:
    watermark.terraform("apply", "-auto-approve")
    main = watermark.folder / "watermark" / "main.tf"
    main.write_text(main.read_text().replace("Newest day", "The newest day").replace("Who holds", "Whoever holds"))

    watermark.terraform("plan", "-out=saved", "-var=tag=two")
    ssm.put_parameter(Name=WATERMARK, Value="2026-11-22", Overwrite=True)
    ssm.put_parameter(Name=HOLD, Value='{"by": "ann"}', Overwrite=True)
    watermark.terraform("apply", "saved")

    assert (value(ssm, WATERMARK), value(ssm, HOLD)) == ("2026-11-22", '{"by": "ann"}')
    [tag] = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=WATERMARK)["TagList"]
    assert tag == {"Key": "tag", "Value": "two"}


def test_a_stack_with_the_watermark_alone_keeps_it_when_the_others_come(watermark: Module, ssm: Any) -> None:
    folder = watermark.folder / "watermark"
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "main.tf").write_text(ONE_PARAMETER)
    watermark.terraform("apply", "-auto-approve")
    ssm.put_parameter(Name=WATERMARK, Value="2026-11-22", Overwrite=True)
    version = ssm.get_parameter(Name=WATERMARK)["Parameter"]["Version"]

    shutil.copytree(TERRAFORM / "modules" / "watermark", folder, dirs_exist_ok=True)
    watermark.terraform("apply", "-auto-approve")

    kept = ssm.get_parameter(Name=WATERMARK)["Parameter"]
    assert (kept["Value"], kept["Version"]) == ("2026-11-22", version)
    assert value(ssm, HOLD) == "none"

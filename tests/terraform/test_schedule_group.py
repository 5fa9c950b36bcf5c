"""A destroy also deletes the schedules that ObjectArrived has created."""

from __future__ import annotations

from pathlib import Path

from tests.support.terraform.module import Module
from tests.support.terraform.planner import Planner
from tests.support.terraform.rights import ACCOUNT, REGION

NAME = "refit-going"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{NAME}"
CALL = f"""
module "schedule" {{
  source               = "./schedule"
  aws                  = {{ partition = "aws", region = "{REGION}", account_id = "{ACCOUNT}" }}
  name                 = "{NAME}"
  schedule             = {{ expression = "rate(1 day)", timezone = "UTC", enabled = false }}
  state_machine_arn    = "{MACHINE}"
  permissions_boundary = null
}}
"""


def test_a_destroy_deletes_the_schedule_of_arriving_data(planner: Planner, tmp_path: Path) -> None:
    module = Module.of(planner, "schedule", CALL, tmp_path)
    module.terraform("apply", "-auto-approve")
    scheduler, role = module.client("scheduler"), f"arn:aws:iam::{ACCOUNT}:role/{NAME}-schedule"
    assert scheduler.get_schedule(GroupName=NAME, Name=NAME)["Target"]["RoleArn"] == role
    scheduler.create_schedule(
        GroupName=NAME,
        Name=f"{NAME}-arrival",
        ScheduleExpression="at(2999-01-01T00:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": MACHINE, "RoleArn": role},
    )

    module.terraform("destroy", "-auto-approve")

    assert not [one for one in scheduler.list_schedules()["Schedules"] if one["Name"].startswith(NAME)]
    assert NAME not in {group["Name"] for group in scheduler.list_schedule_groups()["ScheduleGroups"]}

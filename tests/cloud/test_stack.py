"""The applied stack: what Terraform made is what the driver looks for, nothing drifts, and data is not thrown away."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deployed import Deployed, checkout, merge

from driver import executions
from driver.errors import TerraformError
from driver.local import cloud as embedded
from driver.terraform import Terraform


def test_the_driver_knows_the_names_that_terraform_gave(stack: Deployed) -> None:
    outputs = stack.terraform.outputs()
    assert stack.stack.bucket == outputs["bucket"]
    assert stack.stack.data_prefix == outputs["data_prefix"]
    assert stack.stack.endpoint == outputs["endpoint"]
    assert stack.stack.state_machine_arn == outputs["state_machine_arn"]
    assert stack.stack.watermark_parameter == outputs["watermark_parameter"]


def test_a_second_plan_is_empty(stack: Deployed) -> None:
    assert stack.terraform.drift() == ""


@pytest.fixture
def every_minute(stack: Deployed) -> Iterator[Deployed]:
    """The stack with its schedule at one run a minute, as a team would change it: in the file, then apply."""
    written = stack.ref.path.read_text()
    merge(stack, written.replace("rate(1 day)", "rate(1 minute)"))
    yield stack
    merge(stack, written)


def test_a_schedule_of_one_minute_really_fires(every_minute: Deployed) -> None:
    before = set(runs_of(every_minute))
    deadline = time.monotonic() + 90
    while not (fired := set(runs_of(every_minute)) - before):
        assert time.monotonic() < deadline, "no run within 90 seconds"
        time.sleep(1)
    arn = fired.pop()
    every_minute.finish(arn)
    described = every_minute.aws.stepfunctions.describe_execution(executionArn=arn)
    event: dict[str, Any] = json.loads(described["input"])
    assert event["source"] == "refit.schedule"
    assert event["detail"] == {}
    assert event["time"].endswith("Z")
    # The days of the tests lie in the past of this minute's window, or in it: either way the run knew what to do.
    assert executions.ending(every_minute.aws, arn).outcome in {"NoNewData", "Deployed"}


def runs_of(stack: Deployed) -> list[str]:
    return executions.recent(stack.aws, stack.stack.state_machine_arn, limit=100)


@pytest.fixture
def bucket_alone(cloud: embedded.Cloud, tmp_path: Path) -> Terraform:
    """A second pipeline of which only the bucket is applied; it does not allow its data to be destroyed."""
    project = checkout(tmp_path, "local/home-prices.tfvars")
    file = project.pipelines_dir / "local" / "kept.tfvars"
    text = project.find("local/home-prices").path.read_text().replace('"home-prices"', '"kept"')
    file.write_text(text.replace("force_destroy         = true", "force_destroy         = false"))
    from driver.commands.build import build

    build(project.find("local/kept"))
    terraform = Terraform(project.find("local/kept"), cloud.environment())
    terraform.run("apply", ["-auto-approve", "-target=module.bucket", "-no-color"])
    return terraform


def test_a_bucket_with_data_refuses_to_be_destroyed(stack: Deployed, bucket_alone: Terraform) -> None:
    bucket = "kept-000000000000-us-west-2"
    stack.aws.s3.put_object(Bucket=bucket, Key="data/day.csv", Body=b"1,2\n")
    with pytest.raises(TerraformError, match="BucketNotEmpty"):
        bucket_alone.destroy()
    assert stack.aws.s3.get_object(Bucket=bucket, Key="data/day.csv")["Body"].read() == b"1,2\n"

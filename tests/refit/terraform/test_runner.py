"""How terraform is called, as recorded by a fake binary; tests/terraform runs the real one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from refit.errors import TerraformError
from refit.project import PipelineRef
from refit.terraform.runner import Terraform
from tests.refit.terraform.conftest import CLOUD, StandIn


def test_nothing_of_the_callers_aws_account_reaches_the_embedded_cloud(
    local: PipelineRef, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_CA_BUNDLE"):
        monkeypatch.setenv(variable, "the caller's")

    Terraform(local, CLOUD).run("plan")

    given = {name: value for name, value in stand_in.last().environment.items() if name.startswith("AWS_")}
    assert given == {**CLOUD, "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


@pytest.mark.usefixtures("team_state", "stand_in")
def test_a_local_pipeline_never_reaches_aws(local: PipelineRef) -> None:
    with pytest.raises(TerraformError, match="local/home-prices runs on the embedded cloud"):
        Terraform(local).run("apply")


def test_without_terraform_the_error_says_where_to_get_it(
    local: PipelineRef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(TerraformError, match="terraform is not on the PATH") as caught:
        Terraform(local, CLOUD).run("plan")
    assert caught.value.hint == ("install Terraform 1.10 or later: https://developer.hashicorp.com/terraform/install")
    assert not local.build_dir.exists()


def test_a_saved_plan_has_its_values_already(local: PipelineRef, stand_in: StandIn) -> None:
    (local.project.terraform_dir / "plan.tfplan").touch()
    terraform = Terraform(local, CLOUD)

    terraform.run("apply", ["plan.tfplan"])

    assert stand_in.last().arguments[1:] == ["apply", "plan.tfplan"]
    assert not terraform.reads_build("apply", ["plan.tfplan"])
    assert terraform.reads_build("apply", ["-auto-approve"])
    assert not terraform.reads_build("output")


def test_an_output_takes_no_variables(local: PipelineRef, stand_in: StandIn) -> None:
    Terraform(local, CLOUD).run("output", ["-json"])

    assert stand_in.last().arguments[1:] == ["output", "-json"]


@pytest.mark.usefixtures("stand_in")
def test_a_plan_with_changes_is_no_error(local: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAND_IN_EXIT", "2")

    assert Terraform(local, CLOUD).run("plan", ["-detailed-exitcode"]) == 2


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(("action", "args"), [("plan", []), ("apply", ["-detailed-exitcode"])])
def test_any_other_end_is_an_error_with_terraforms_exit_code(
    local: PipelineRef, monkeypatch: pytest.MonkeyPatch, action: str, args: list[str]
) -> None:
    monkeypatch.setenv("STAND_IN_EXIT", "2")

    with pytest.raises(TerraformError, match=f"terraform {action} failed for local/home-prices") as caught:
        Terraform(local, CLOUD).run(action, args)
    assert caught.value.exit_code == 2


@pytest.mark.usefixtures("stand_in")
def test_a_silent_failure_says_what_terraform_said(local: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAND_IN_EXIT", "1")
    monkeypatch.setenv("STAND_IN_COMPLAINS", "Error: Resource precondition failed")

    with pytest.raises(TerraformError, match="Error: Resource precondition failed"):
        Terraform(local, CLOUD).apply()


def test_an_apply_asks_nothing_and_tells_its_closing_line(
    local: PipelineRef, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing = "Apply complete! Resources: 45 added, 0 changed, 0 destroyed."
    monkeypatch.setenv("STAND_IN_SAYS", f"aws_s3_bucket.this: Creating...\n{closing}\n\nOutputs:\n")

    assert Terraform(local, CLOUD).apply() == closing
    assert {"-auto-approve", "-input=false"} <= set(stand_in.last().arguments)


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(("code", "changes"), [("0", False), ("2", True)])
def test_drift_is_what_a_second_plan_would_change(
    local: PipelineRef, monkeypatch: pytest.MonkeyPatch, code: str, changes: bool
) -> None:
    monkeypatch.setenv("STAND_IN_EXIT", code)
    monkeypatch.setenv("STAND_IN_SAYS", "the plan")

    assert ("the plan" in Terraform(local, CLOUD).drift()) is changes


@pytest.mark.usefixtures("stand_in")
def test_outputs_are_values_by_name(local: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs: dict[str, Any] = {"bucket": {"type": "string", "value": "b"}, "alarms": {"value": ["a"]}}
    monkeypatch.setenv("STAND_IN_SAYS", json.dumps(outputs))

    assert Terraform(local, CLOUD).outputs() == {"bucket": "b", "alarms": ["a"]}

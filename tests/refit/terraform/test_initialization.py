"""terraform init: the backend settings, and when it runs again."""

from __future__ import annotations

import pytest

from refit.errors import TerraformError
from refit.project import PipelineRef
from refit.terraform.runner import Terraform
from tests.refit.terraform.conftest import CLOUD, PROVIDER, StandIn


def test_a_plan_has_the_pipelines_file_state_and_environment(local: PipelineRef, stand_in: StandIn) -> None:
    Terraform(local, CLOUD).run("plan", ["-out=plan.tfplan"])

    plan = stand_in.last()
    assert plan.arguments == [
        f"-chdir={local.project.terraform_dir}",
        "plan",
        f"-var-file={local.path}",
        "-out=plan.tfplan",
    ]
    assert plan.environment["TF_DATA_DIR"] == str(local.build_dir / ".terraform")
    assert plan.environment["TF_VAR_environment"] == "local"
    assert plan.environment["TF_VAR_embedded_cloud"] == "true"
    assert plan.environment["TF_VAR_pipelines_dir"] == str(local.project.root / "terraform" / "pipelines")
    assert plan.environment["TF_VAR_build_dir"] == str(local.project.root / "build")
    assert CLOUD.items() <= plan.environment.items()


def test_the_state_lives_in_the_embedded_clouds_bucket_whatever_its_port(local: PipelineRef, stand_in: StandIn) -> None:
    Terraform(local, CLOUD).init()

    assert {
        "-lockfile=readonly",
        "-backend-config=bucket=refit-terraform-state",
        "-backend-config=key=local/home-prices.tfstate",
        "-backend-config=region=us-west-2",
        "-backend-config=use_lockfile=true",
        "-backend-config=use_path_style=true",
    } <= set(stand_in.last().arguments)
    assert not [argument for argument in stand_in.last().arguments if "4566" in argument]


@pytest.mark.usefixtures("team_state")
def test_on_aws_the_state_lives_encrypted_in_the_bucket_of_the_team(prod: PipelineRef, stand_in: StandIn) -> None:
    Terraform(prod).run("init", ["-upgrade"])

    called = stand_in.last()
    assert {
        "-backend-config=bucket=my-state",
        "-backend-config=key=prod/home-prices.tfstate",
        "-backend-config=region=eu-west-1",
        "-backend-config=use_lockfile=true",
        "-backend-config=encrypt=true",
        "-upgrade",
    } <= set(called.arguments)
    assert "-lockfile=readonly" not in called.arguments
    assert called.environment["TF_VAR_embedded_cloud"] == "false"


@pytest.mark.usefixtures("team_state")
def test_the_state_bucket_may_be_in_another_region(
    prod: PipelineRef, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFIT_STATE_REGION", "us-east-1")

    Terraform(prod).init()

    assert "-backend-config=region=us-east-1" in stand_in.last().arguments


@pytest.mark.usefixtures("team_state", "stand_in")
def test_without_a_state_bucket_the_error_says_what_to_export(
    prod: PipelineRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REFIT_STATE_BUCKET")

    with pytest.raises(TerraformError, match="REFIT_STATE_BUCKET is not set") as caught:
        Terraform(prod).run("plan")
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("export REFIT_STATE_BUCKET=")


@pytest.mark.usefixtures("stand_in")
def test_without_a_region_the_error_says_what_to_export(prod: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFIT_STATE_BUCKET", "my-state")
    for variable in ("REFIT_STATE_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(variable, raising=False)

    with pytest.raises(TerraformError, match="the region of the bucket my-state is unknown"):
        Terraform(prod).run("plan")


def test_terraform_is_initialized_once(local: PipelineRef, stand_in: StandIn) -> None:
    Terraform(local, CLOUD).run("plan")
    Terraform(local, CLOUD | {"AWS_ENDPOINT_URL": "http://127.0.0.1:4999"}).run("plan")

    assert stand_in.actions() == ["init", "plan", "plan"]


@pytest.mark.parametrize("file", ["main.tf", ".terraform.lock.hcl"])
def test_terraform_is_initialized_again_when_its_modules_or_provider_change(
    local: PipelineRef, stand_in: StandIn, file: str
) -> None:
    Terraform(local, CLOUD).run("plan")
    (local.project.terraform_dir / file).write_text("changed")
    Terraform(local, CLOUD).run("plan")

    assert stand_in.actions() == ["init", "plan", "init", "plan"]


def test_terraform_is_initialized_again_when_its_provider_is_gone(local: PipelineRef, stand_in: StandIn) -> None:
    Terraform(local, CLOUD).run("plan")
    (local.build_dir / ".terraform" / PROVIDER).unlink()
    Terraform(local, CLOUD).run("plan")

    assert stand_in.actions() == ["init", "plan", "init", "plan"]

"""The pipeline file alone describes a stack: variables, default arguments and extra files do not change it."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.errors import TerraformError
from refit.project import PipelineRef
from refit.terraform.runner import Terraform
from tests.refit.terraform.conftest import CLOUD, StandIn


@pytest.fixture
def ran(stand_in: StandIn, local: PipelineRef) -> StandIn:
    """A plan has run, and with it `terraform init`."""
    Terraform(local, CLOUD).run("plan")
    return stand_in


def test_no_variable_of_the_shell_replaces_a_field_of_the_file(
    local: PipelineRef, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {"TF_VAR_permissions_boundary": "arn:aws:iam::123456789012:policy/b", "TF_VAR_of_another_project": "x"}
    for name in ("TF_VAR_bucket", "TF_VAR_region", "TF_VAR_log_retention_days"):
        monkeypatch.setenv(name, "shared")
    for name, value in others.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TF_WORKSPACE", "prod")
    monkeypatch.setenv("TF_DATA_DIR", "/elsewhere")
    monkeypatch.setenv("TF_VAR_environment", "prod")
    Terraform(local, CLOUD).run("plan")
    for call in stand_in.calls():
        assert {name for name in call.environment if name.startswith("TF_VAR_")} == {
            "TF_VAR_environment",
            "TF_VAR_embedded_cloud",
            "TF_VAR_pipelines_dir",
            "TF_VAR_build_dir",
            *others,
        }
        assert call.environment["TF_VAR_environment"] == "local"
        assert call.environment["TF_WORKSPACE"] == "default"
        assert call.environment["TF_DATA_DIR"] == str(local.build_dir / ".terraform")


@pytest.mark.parametrize("variable", ["TF_CLI_ARGS", "TF_CLI_ARGS_plan"])
@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        ("-target=module.bucket", "-target=module.bucket"),
        ("-no-color -var bucket=shared", "-var"),
        ("--var-file=other.tfvars", "--var-file=other.tfvars"),
        ("-state=other.tfstate", "-state=other.tfstate"),
        ("-refresh=false", "-refresh=false"),
        ("-parallelism=2 saved.tfplan", "saved.tfplan"),
        ("-var='x", "-var='x"),
    ],
)
def test_default_arguments_that_change_a_plan_are_refused_by_name(
    ran: StandIn, local: PipelineRef, monkeypatch: pytest.MonkeyPatch, variable: str, arguments: str, option: str
) -> None:
    before = len(ran.calls())
    monkeypatch.setenv(variable, arguments)
    with pytest.raises(TerraformError) as caught:
        Terraform(local, CLOUD).drift()
    assert str(caught.value) == (
        f"{variable} contains {option}, which would change what terraform does for every pipeline"
    )
    assert str(caught.value.hint).startswith(f"unset {variable}, and write the option where needed: ")
    assert len(ran.calls()) == before


@pytest.mark.parametrize("arguments", ["", "-no-color", "-parallelism=2 -input=false", "-lock-timeout 5m -no-color"])
def test_default_arguments_that_change_no_result_are_passed_on(
    ran: StandIn, local: PipelineRef, monkeypatch: pytest.MonkeyPatch, arguments: str
) -> None:
    monkeypatch.setenv("TF_CLI_ARGS_plan", arguments)
    Terraform(local, CLOUD).run("plan")
    assert ran.last().environment["TF_CLI_ARGS_plan"] == arguments


@pytest.mark.parametrize(
    "name",
    [
        "terraform.tfvars",
        "terraform.tfvars.json",
        "mine.auto.tfvars",
        "mine.auto.tfvars.json",
        "override.tf",
        "backend_override.tf",
        "override.tf.json",
        "main_override.tofu",
        "modules/bucket/override.tf",
    ],
)
def test_files_that_terraform_would_load_for_every_pipeline_are_refused_by_name(
    ran: StandIn, local: PipelineRef, name: str
) -> None:
    before = len(ran.calls())
    file = local.project.terraform_dir / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("log_retention_days = 7\n")
    with pytest.raises(TerraformError) as caught:
        Terraform(local, CLOUD).run("plan")
    assert str(caught.value).startswith(f"terraform would load terraform/{name} for every pipeline")
    assert f"delete or move terraform/{name}" in str(caught.value.hint)
    assert len(ran.calls()) == before


def test_the_pipelines_files_and_other_names_are_not_in_the_way(ran: StandIn, local: PipelineRef) -> None:
    folder: Path = local.project.terraform_dir
    for name in ("notes.tfvars", "terraform.tfvars.example", "overrides.tf"):
        (folder / name).touch()
    Terraform(local, CLOUD).run("plan")
    assert ran.last().arguments[1] == "plan"

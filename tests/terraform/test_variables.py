"""The variables of a stack: the fields of a pipeline file as the schema reads them, and what `refit terraform` sets.

The variables*.tf files alone are a root module without a provider: each plan takes 0.1 s.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import hcl2
import pytest

from refit.pipeline.model import Pipeline
from tests.support.fields import PINNED, WHOLE, leaves, with_another_value

TERRAFORM = Path(__file__).parents[2] / "terraform"
LEAST = {"pipeline": "home-prices", "data": {"prefix": "data/home-prices/train/", "feature_dim": 13}}
ARN = "arn:aws:iam::123456789012:policy/team/refit-boundary"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root module with the variables, and an output for each field of a pipeline file."""
    folder = tmp_path_factory.mktemp("variables")
    for file in TERRAFORM.glob("variables*.tf"):
        shutil.copy(file, folder)
    outputs = (f'output "{name}" {{\n  value = var.{name}\n}}\n' for name in Pipeline.model_fields)
    (folder / "outputs.tf").write_text("".join(outputs))
    return folder


def terraform(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["terraform", *arguments], cwd=folder, capture_output=True, text=True, check=False)


def plan(folder: Path, values: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    (folder / "values.tfvars.json").write_text(json.dumps({"environment": "prod", **values}))
    return terraform(folder, "plan", "-input=false", "-no-color", "-var-file=values.tfvars.json", "-out=saved")


def values_in_terraform(folder: Path, fields: dict[str, Any]) -> dict[str, Any]:
    """Every field of a pipeline file as Terraform reads it, its defaults included."""
    planned = plan(folder, fields)
    assert planned.returncode == 0, planned.stderr
    shown = json.loads(terraform(folder, "show", "-json", "saved").stdout)
    return {name: output.get("value") for name, output in shown["planned_values"]["outputs"].items()}


def test_the_fields_of_a_pipeline_file_are_the_variables_that_are_not_set_for_it() -> None:
    blocks = hcl2.loads((TERRAFORM / "variables.tf").read_text())["variable"]
    names = [name.strip('"') for block in blocks for name in block if name != "__is_block__"]

    assert names == list(Pipeline.model_fields)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {name: None for name in Pipeline.model_fields if name not in LEAST},
        {name: {} for name in ("schedule", "arrival", "window", "training", "endpoint", "approval", "alarms")},
        {"endpoint": {"deployment": None}, "training": {"hyperparameters": None}, "schedule": {"timezone": None}},
        WHOLE,
        PINNED,
    ],
)
def test_terraform_reads_a_pipeline_file_as_the_schema_does(folder: Path, fields: dict[str, Any]) -> None:
    pipeline = Pipeline.model_validate(LEAST | fields)

    assert values_in_terraform(folder, LEAST | fields) == pipeline.model_dump(mode="json")


@pytest.mark.parametrize("file", [WHOLE, PINNED])
def test_terraform_reads_another_value_of_every_field(folder: Path, file: dict[str, Any]) -> None:
    pipeline = Pipeline.model_validate(file)
    for field in leaves():
        pipeline = with_another_value(pipeline, field)
    values = pipeline.model_dump(mode="json")

    assert values_in_terraform(folder, values) == values


@pytest.mark.parametrize("name", LEAST)
@pytest.mark.parametrize("given", [{}, None])
def test_a_required_field_is_required(folder: Path, name: str, given: Any) -> None:
    fields = {key: value for key, value in LEAST.items() if key != name} | ({} if given == {} else {name: given})

    rejected = plan(folder, fields)

    assert rejected.returncode == 1
    assert f'"{name}"' in rejected.stderr or f"var.{name}" in rejected.stderr


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"environment": "Prod"}, 'environment must be 1 to 32 lowercase letters, digits and hyphens, got "Prod"'),
        ({"environment": "e" * 33}, "environment must be 1 to 32 lowercase letters, digits and hyphens"),
        ({"pipelines_dir": "pipelines"}, 'pipelines_dir must be an absolute path; write TF_VAR_pipelines_dir="$PWD'),
        ({"build_dir": "../build"}, 'build_dir must be an absolute path; write TF_VAR_build_dir="$PWD/build".'),
        ({"permissions_boundary": "refit-boundary"}, "permissions_boundary must be the ARN of an IAM policy, such as"),
    ],
)
def test_what_is_set_for_a_pipeline_is_checked(folder: Path, variables: dict[str, Any], message: str) -> None:
    rejected = plan(folder, LEAST | variables)

    assert rejected.returncode == 1
    assert message in " ".join(rejected.stderr.split())


@pytest.mark.parametrize(
    "variables",
    [
        {"environment": "eu-1", "embedded_cloud": True},
        {"pipelines_dir": "/srv/models/pipelines", "build_dir": "/srv/models/build"},
        {"permissions_boundary": ""},  # a workflow passes "" for a variable that its repository does not have
        {"permissions_boundary": ARN},
    ],
)
def test_what_the_runner_sets_is_accepted(folder: Path, variables: dict[str, Any]) -> None:
    accepted = plan(folder, LEAST | variables)

    assert accepted.returncode == 0, accepted.stderr

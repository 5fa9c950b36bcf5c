"""A plan requires a build of exactly this pipeline file; otherwise the error says how to build it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from refit.artifacts.build import build
from tests.support.terraform.planner import Planner

ADVICE = "run: refit build local/home-prices"
CHECK = "terraform_data.build"


@pytest.fixture(autouse=True)
def example(planner: Planner) -> None:
    """The example's own pipeline file, and its build."""
    planner.write()


@pytest.fixture
def build_dir(planner: Planner, tmp_path: Path) -> Iterator[Path]:
    """The artifacts, which one test may damage: they are restored afterwards."""
    kept = shutil.copytree(planner.ref.build_dir, tmp_path / "kept", ignore=shutil.ignore_patterns(".terraform"))
    yield planner.ref.build_dir
    shutil.copytree(kept, planner.ref.build_dir, dirs_exist_ok=True)


def test_without_a_build_the_only_error_says_how_to_get_one(planner: Planner, build_dir: Path) -> None:
    for artifact in ("lambdas.zip", "state_machine.asl.json", "build.json"):
        (build_dir / artifact).unlink()

    refusal = planner.refusal()

    assert f"The pipeline local/home-prices has not been built; {ADVICE}" in refusal
    assert refusal.count("Error:") == 1


def test_half_a_build_is_refused(planner: Planner, build_dir: Path) -> None:
    (build_dir / "state_machine.asl.json").unlink()

    assert f"The pipeline local/home-prices has not been built; {ADVICE}" in planner.refusal([CHECK])


def test_a_build_without_the_code_that_the_pipeline_names_is_refused(planner: Planner, build_dir: Path) -> None:
    image = "123456789012.dkr.ecr.us-west-2.amazonaws.com/sklearn:1"

    refusal = planner.refusal([CHECK], training={"image": image, "source": "examples/own"}, gate=None)

    assert f"The pipeline local/home-prices has not been built; {ADVICE}" in refusal


def test_a_build_of_an_older_pipeline_file_is_refused(planner: Planner) -> None:
    text = planner.ref.path.read_text()
    planner.ref.path.write_text(f"{text}# Changed since.\n")
    try:
        refusal = planner.refusal()
    finally:
        planner.ref.path.write_text(text)

    file = "terraform/pipelines/local/home-prices.tfvars"
    assert f"The build of local/home-prices is older than {file} or Refit; {ADVICE}" in refusal
    assert refusal.count("Error:") == 1


def test_a_torn_build_is_refused(planner: Planner, build_dir: Path) -> None:
    (build_dir / "build.json").write_text('{"pipeline_sha256":')

    assert ADVICE in planner.refusal([CHECK])


def test_a_build_without_handlers_is_rejected_instead_of_destroying_them(planner: Planner, build_dir: Path) -> None:
    record = json.loads((build_dir / "build.json").read_text())
    del record["handlers"]
    (build_dir / "build.json").write_text(json.dumps(record))

    refusal = planner.refusal()

    assert f"or Refit; {ADVICE}" in refusal
    assert refusal.count("Error:") == 1


def test_a_build_of_older_columns_is_refused(planner: Planner) -> None:
    columns = planner.ref.path.with_name("columns.schema.json")
    columns.write_text('[{"name": "y"}, {"name": "x", "min": 0}]')
    planner.write(data={"prefix": "data/a/", "feature_dim": 1, "schema_file": columns.name})
    columns.write_text('[{"name": "y"}, {"name": "x", "min": 1}]')

    refusal = planner.refusal([CHECK])

    assert f"The build of local/home-prices is older than its data.schema_file; {ADVICE}" in refusal
    assert refusal.count("Error:") == 1
    build(planner.ref)
    planner.terraform.plan(tf_var_file=str(planner.ref.path), targets=[CHECK])


def test_a_destroy_needs_no_build(planner: Planner, build_dir: Path) -> None:
    planner.write(arrival={"quiet_minutes": 10})
    for artifact in build_dir.iterdir():
        if artifact.is_file():
            artifact.unlink()

    planned = planner.terraform.execute_command("plan", "-destroy", f"-var-file={planner.ref.path}", "-input=false")

    assert planned.retcode == 0, planned.err


@pytest.mark.parametrize(
    ("variables", "key"), [({"pipeline": "other"}, "local/other"), ({"environment": "prod"}, "prod/home-prices")]
)
def test_a_file_that_is_not_named_after_its_pipeline_or_environment_is_refused(
    planner: Planner, variables: dict[str, str], key: str
) -> None:
    refusal = planner.refusal([CHECK], **variables)

    assert f"terraform/pipelines/{key}.tfvars does not exist; name the file after its pipeline" in refusal
    assert refusal.count("Error:") == 1

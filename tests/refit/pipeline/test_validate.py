"""The problems that `refit validate` finds without AWS."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from refit.pipeline.schema.training import OWN_IMAGE
from refit.pipeline.validate import Report, validate
from refit.project import Project
from tests.support.checkout import MINIMAL, NOW, load, write
from tests.support.command_line import refit

ROOT = Path(__file__).parents[3]


def validated(root: Path, *names: str) -> Report:
    return validate(Project(root), names, NOW)


def shown(report: Report) -> list[str]:
    return [str(problem).removeprefix("terraform/pipelines/") for problem in report.problems]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Two pipelines that are valid, and one that is not."""
    write(tmp_path)
    write(tmp_path, MINIMAL.replace("home-prices", "churn"), "churn")
    write(tmp_path, MINIMAL.replace("home-prices", "fraud") + "window = { days = 0 }\n", "fraud")
    return tmp_path


def test_the_examples_of_this_project_are_valid() -> None:
    report = validate(Project(ROOT), [], NOW)
    assert report.valid
    assert "local/home-prices" in {ref.key for ref in report.pipelines}


def test_every_pipeline_is_looked_at_when_none_is_named(checkout: Path) -> None:
    report = validated(checkout)
    assert [ref.key for ref in report.pipelines] == ["prod/churn", "prod/fraud", "prod/home-prices"]
    assert shown(report) == [
        "prod/fraud.tfvars:3:19: out-of-range window.days must be between 1 and 3653, got 0; write days = 1"
    ]


def test_only_problems_of_what_is_named_are_told(checkout: Path) -> None:
    report = validated(checkout, "churn", str(checkout / "terraform/pipelines/prod/home-prices.tfvars"))
    assert [ref.key for ref in report.pipelines] == ["prod/churn", "prod/home-prices"]
    assert report.valid


def test_a_pipeline_named_twice_is_looked_at_once(checkout: Path) -> None:
    assert [ref.key for ref in validated(checkout, "churn", "prod/churn").pipelines] == ["prod/churn"]


def test_a_name_that_no_pipeline_has_is_one_problem_among_others(checkout: Path) -> None:
    assert shown(validated(checkout, "frod", "fraud")) == [
        "frod:1:1: unknown-pipeline there is no pipeline frod; "
        "the pipelines are: prod/churn, prod/fraud, prod/home-prices",
        "prod/fraud.tfvars:3:19: out-of-range window.days must be between 1 and 3653, got 0; write days = 1",
    ]


def test_a_collision_with_a_pipeline_that_was_not_named_is_told(checkout: Path) -> None:
    write(checkout, MINIMAL.replace("home-prices", "fraud") + 'endpoint = { name = "churn" }\n', "fraud")
    assert shown(validated(checkout, "churn")) == [
        'prod/churn.tfvars:1:12: collision the endpoint "churn" is also used by '
        "terraform/pipelines/prod/fraud.tfvars:3; "
        'write endpoint = { name = "…" } in one of them'
    ]


def test_problems_of_all_files_come_together_in_file_order(checkout: Path) -> None:
    write(checkout, "pipeline = ", "churn")
    write(checkout, b"\xff", "zebra", "dev")
    assert [problem.split(": ")[0] for problem in shown(validated(checkout))] == [
        "dev/zebra.tfvars:1:1",
        "prod/churn.tfvars:1:12",
        "prod/fraud.tfvars:3:19",
    ]


def test_a_window_is_judged_by_the_day_that_is_given(tmp_path: Path) -> None:
    write(tmp_path, f'{MINIMAL}window = {{ start = "2026-11-01", end = "2026-11-07" }}\n')
    project = Project(tmp_path)
    assert validate(project, [], datetime(2026, 11, 7, tzinfo=UTC)).valid
    assert not validate(project, [], datetime(2026, 11, 6, 23, tzinfo=UTC)).valid


OWN = f'training = {{ image = "{OWN_IMAGE}", source = "algorithms/trees" }}\n'


def test_a_folder_of_code_that_is_not_in_the_working_tree_is_told_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, MINIMAL + OWN)
    column = OWN.index('"algorithms') + 1
    assert shown(validated(tmp_path)) == [
        f"prod/home-prices.tfvars:3:{column}: source-missing training.source must be a folder in the repository, "
        'got "algorithms/trees"; write a path relative to the root of the repository'
    ]


def test_an_entry_point_that_the_folder_does_not_have_is_told_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "algorithms" / "trees"
    folder.mkdir(parents=True)
    (folder / "fit.py").touch()
    own = OWN.replace("trees", 'trees", entry_point = "train.py')
    write(tmp_path, MINIMAL + own)
    column = own.index('"train.py') + 1
    assert shown(validated(tmp_path)) == [
        f"prod/home-prices.tfvars:3:{column}: source-missing training.entry_point must be a file in algorithms/trees, "
        'got "train.py"; the folder contains fit.py'
    ]
    (folder / "train.py").touch()
    assert validated(tmp_path).valid


def test_a_file_of_another_revision_is_valid_without_its_code(tmp_path: Path) -> None:
    assert load(tmp_path, MINIMAL + OWN).training.source == "algorithms/trees"


def test_a_file_that_no_command_reads_is_named(checkout: Path) -> None:
    folder = checkout / "terraform" / "pipelines"
    for path in ("home-prices.tfvars", "prod/old/churn.tfvars", "prod/README.md"):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(MINIMAL)
    result = refit("validate", "churn", cwd=checkout)
    assert (result.returncode, result.stdout) == (0, "1 valid\n")
    assert result.stderr.splitlines() == [
        f"terraform/pipelines/{path}:1:1: not-a-pipeline no command reads this file, because it is not directly in the "
        f"folder of an environment; move it, for example to terraform/pipelines/prod/{path.rpartition('/')[2]}"
        for path in ("home-prices.tfvars", "prod/old/churn.tfvars")
    ]
    document = json.loads(refit("validate", "churn", "--json", cwd=checkout).stdout)
    assert [one["file"] for one in document["ignored"]] == [
        "terraform/pipelines/home-prices.tfvars",
        "terraform/pipelines/prod/old/churn.tfvars",
    ]


def test_a_folder_that_refit_toml_names_must_exist(tmp_path: Path) -> None:
    (tmp_path / "refit.toml").write_text('version = "0.2.0"\npipelines = "nope"\n')
    assert shown(validated(tmp_path)) == [
        'refit.toml:2:1: bad-value pipelines names a missing folder, "nope"; '
        "create it, or write the folder that contains the environments' folders"
    ]
    (tmp_path / "nope").mkdir()
    assert validated(tmp_path) == Report((), ())


def test_a_checkout_without_pipelines_is_valid(tmp_path: Path) -> None:
    assert validated(tmp_path) == Report((), ())

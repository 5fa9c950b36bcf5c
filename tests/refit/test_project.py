"""Finding the checkout and its pipelines by any of the names that people use."""

from pathlib import Path

import pytest

from refit.errors import PipelineNotFound, RefitError
from refit.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "asl").mkdir()
    (tmp_path / "terraform").mkdir()
    (tmp_path / "terraform" / "main.tf").touch()
    for key in ("dev/prices", "prod/prices", "prod/churn"):
        file = tmp_path / "terraform" / "pipelines" / f"{key}.tfvars"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return Project(tmp_path)


def test_the_checkout_is_found_from_any_folder_in_it(project: Project) -> None:
    assert Project.here(project.pipelines_dir / "prod") == Project(project.root.resolve())


def test_outside_a_checkout_there_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(RefitError, match="no Refit checkout"):
        Project.here(tmp_path)


def test_a_pipeline_has_three_names(project: Project) -> None:
    by_key = project.find("prod/churn")
    assert project.find("churn") == by_key
    assert project.find(str(by_key.path)) == by_key
    assert (by_key.environment, by_key.name, by_key.key) == ("prod", "churn", "prod/churn")


def test_a_name_that_two_environments_have_is_refused(project: Project) -> None:
    with pytest.raises(PipelineNotFound) as raised:
        project.find("prices")
    assert raised.value.hint == "write dev/prices or prod/prices"


def test_an_unknown_name_is_answered_with_the_known_ones(project: Project) -> None:
    with pytest.raises(PipelineNotFound) as raised:
        project.find("price")
    assert raised.value.hint == "the pipelines are: dev/prices, prod/churn, prod/prices"

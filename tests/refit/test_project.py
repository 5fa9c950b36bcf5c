"""Finding the project, its sources and its pipelines, by any of the names that users give."""

from pathlib import Path

import pytest

from refit.errors import PipelineNotFound, RefitError
from refit.project import SOURCES, Project, stack_dir
from refit.refit_toml import InvalidSettings
from refit.version import VERSION
from tests.support.command_line import refit


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


def test_outside_a_project_the_message_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(RefitError, match=r"there is no refit\.toml and no terraform/pipelines at ") as raised:
        Project.here(tmp_path)
    assert raised.value.hint is not None
    assert raised.value.hint.startswith("run refit init")


def test_a_checkout_has_its_own_sources(project: Project) -> None:
    assert project.terraform_dir == project.root / "terraform"


@pytest.mark.parametrize("mark", ["refit.toml", "terraform/pipelines/prod/prices.tfvars"])
def test_a_repository_with_pipelines_alone_takes_the_sources_that_refit_brings(tmp_path: Path, mark: str) -> None:
    (tmp_path / mark).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / mark).touch()
    inside = tmp_path / "notebooks" / "prices"
    inside.mkdir(parents=True)
    own = Project.here(inside)
    assert own == Project(tmp_path)
    assert own.terraform_dir == stack_dir() / "terraform"
    assert (own.terraform_dir / "main.tf").is_file()


@pytest.mark.parametrize("command", ["docs", "demo"])
def test_what_needs_a_checkout_says_so_elsewhere(tmp_path: Path, command: str) -> None:
    (tmp_path / "refit.toml").touch()
    done = refit(command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        f"refit {command} needs a checkout of Refit, but {tmp_path} contains only pipelines\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["refit.toml"]


def test_the_sources_are_those_of_the_checkout_around_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, file in SOURCES.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / file).touch()
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path / "docs")
    assert stack_dir.__wrapped__() == tmp_path
    (tmp_path / "asl" / SOURCES["asl"]).unlink()
    assert stack_dir.__wrapped__() == Path(__file__).parents[2]


def test_refit_toml_says_where_the_pipelines_lie(project: Project) -> None:
    (project.root / "refit.toml").write_text('pipelines = "ml"\n')
    (project.root / "ml" / "prod").mkdir(parents=True)
    (project.root / "ml" / "prod" / "fraud.tfvars").touch()
    moved = Project.here(project.root / "ml")
    assert [(ref.key, ref.display_path) for ref in moved.pipelines()] == [("prod/fraud", "ml/prod/fraud.tfvars")]


def test_another_version_than_the_meant_one_is_refused(project: Project) -> None:
    (project.root / "refit.toml").write_text('version = "9.1.0"\n')
    with pytest.raises(
        RefitError, match=rf"refit\.toml requires version 9\.1\.0, but this is Refit {VERSION}"
    ) as raised:
        Project.here(project.root)
    assert "pip install 'refit-sagemaker==9.1.0'" in str(raised.value.hint)
    assert Project.here(project.root, any_version=True).settings.version == "9.1.0"


def test_a_checkout_of_another_version_is_refused(tmp_path: Path) -> None:
    for name, file in {**SOURCES, "driver/refit": "version.py"}.items():
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / file).touch()
    version = tmp_path / "driver" / "refit" / "version.py"
    version.write_text('VERSION = "9.1.0"\n')
    done = refit("validate", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"{tmp_path} is a checkout of another version, and this is Refit {VERSION}\nrun: make setup"
    )
    version.write_text(f'VERSION = "{VERSION}"\n')
    assert refit("validate", cwd=tmp_path).stdout == "0 valid\n"


def test_the_meant_version_is_accepted(project: Project) -> None:
    (project.root / "refit.toml").write_text(f'version = "{VERSION}"\n')
    assert Project.here(project.root) == project


def test_a_broken_refit_toml_stops_every_command(project: Project) -> None:
    (project.root / "refit.toml").write_text("version = 2\n")
    with pytest.raises(InvalidSettings):
        Project.here(project.root)


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
    assert raised.value.hint == "did you mean prod/prices? the pipelines are: dev/prices, prod/churn, prod/prices"

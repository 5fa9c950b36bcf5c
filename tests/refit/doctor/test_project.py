"""The checks of the project, of refit.toml and of the pipeline file."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.doctor import project
from refit.doctor.results import Status
from refit.project import PipelineRef, Project
from refit.version import VERSION


def test_the_project_of_the_working_directory(ref: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ref.path.parent)
    check, found = project.find()
    assert (check.status, check.detail) == (Status.OK, str(ref.project.root))
    assert found == ref.project


def test_outside_a_project_there_is_a_way_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    check, found = project.find()
    assert (check.status, found) == (Status.NOT_OK, None)
    assert "refit init" in check.fix


def test_a_refit_toml_that_cannot_be_used_has_its_problems_shown(
    ref: PipelineRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ref.project.root / "refit.toml").write_text("version = 2\nvarsion = 3\n")
    monkeypatch.chdir(ref.project.root)
    check, found = project.find()
    assert (check.status, found) == (Status.NOT_OK, None)
    assert check.detail.splitlines()[0].startswith("refit.toml:1:1: ")
    assert check.detail.splitlines()[1].startswith("refit.toml:2:1: ")
    assert (check.subject, check.fix) == ("refit.toml", "fix refit.toml")


@pytest.mark.parametrize(
    ("text", "status"),
    [("", Status.NOT_CHECKED), (f'version = "{VERSION}"\n', Status.OK), ('version = "9.9.9"\n', Status.NOT_OK)],
)
def test_the_version_that_is_pinned(
    ref: PipelineRef, monkeypatch: pytest.MonkeyPatch, text: str, status: Status
) -> None:
    (ref.project.root / "refit.toml").write_text(text)
    monkeypatch.chdir(ref.project.root)
    _, found = project.find()
    assert found
    assert project.pinned_version(found).status is status


def test_another_version_comes_with_the_command_that_installs_it(ref: PipelineRef) -> None:
    (ref.project.root / "refit.toml").write_text('version = "9.9.9"\n')
    check = project.pinned_version(Project(ref.project.root))
    assert check.detail == f"pins version 9.9.9; this is Refit {VERSION}"
    assert check.fix.startswith("pip install 'refit-sagemaker==9.9.9'")
    (ref.project.root / "requirements.txt").write_text("./wheels/refit_sagemaker-9.9.9-py3-none-any.whl")
    again = project.pinned_version(Project(ref.project.root))
    assert again.fix.startswith("pip install --require-hashes -r requirements.txt; ")


def test_a_valid_pipeline_file(ref: PipelineRef) -> None:
    check, pipeline = project.pipeline_file(ref)
    assert check.status is Status.OK
    assert pipeline
    assert pipeline.pipeline == "home-prices"


def test_an_invalid_pipeline_file_has_every_problem_shown(ref: PipelineRef) -> None:
    ref.path.write_text(
        'pipeline = "home-prices"\ndata = { prefix = "data/", feature_dim = 0 }\nwindow = { days = 0 }\n'
    )
    check, pipeline = project.pipeline_file(ref)
    assert (check.status, pipeline) == (Status.NOT_OK, None)
    assert len(check.detail.splitlines()) == 2
    assert "refit validate prod/home-prices" in check.fix


def test_a_window_that_ends_in_the_future_is_a_problem(ref: PipelineRef) -> None:
    ref.path.write_text(ref.path.read_text() + 'window = { start = "2999-01-01", end = "2999-01-07" }\n')
    assert project.pipeline_file(ref)[0].status is Status.NOT_OK

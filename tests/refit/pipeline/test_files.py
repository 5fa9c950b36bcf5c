"""Loading a file: its name, its folder, and files that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.errors import InvalidPipeline
from refit.pipeline import files as pipeline
from tests.support.checkout import MINIMAL, problems, write


def test_a_pipeline_is_called_like_its_file(tmp_path: Path) -> None:
    assert problems(tmp_path, MINIMAL.replace("home-prices", "churn", 1)) == [
        '1:12: name-mismatch pipeline must be the name of its file, "home-prices", got "churn"; '
        'write pipeline = "home-prices", or rename the file to churn.tfvars'
    ]


def test_a_file_whose_name_no_pipeline_can_have_must_be_renamed(tmp_path: Path) -> None:
    ref = write(tmp_path, name="Home")
    with pytest.raises(InvalidPipeline, match=r'"Home", got "home-prices"; rename the file to home-prices\.tfvars$'):
        pipeline.load(ref)


def test_a_folder_that_names_no_environment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidPipeline, match='the folder "Prod 1" is not a valid environment name'):
        pipeline.load(write(tmp_path, environment="Prod 1"))


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    ref = write(tmp_path)
    ref.path.unlink()
    with pytest.raises(
        InvalidPipeline, match=r"home-prices.tfvars:1:1: unreadable-file the file cannot be read: No such file"
    ):
        pipeline.load(ref)

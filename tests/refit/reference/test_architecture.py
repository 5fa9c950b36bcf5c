"""The diagram of the packages shows their imports, without arrows that others imply."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.reference.architecture import picture, reduced, rooms
from refit.reference.imports import Source


@pytest.fixture
def source(tmp_path: Path) -> Source:
    files = {
        "driver/refit/__init__.py": '"""The package."""',
        "driver/refit/cli.py": "from refit.plan import planner",
        "driver/refit/errors.py": "",
        "driver/refit/plan/__init__.py": '"""Plans.\n\nMore about it."""',
        "driver/refit/plan/planner.py": "import boto3.s3\nfrom refit import errors\nfrom refit.data.days import first",
        "driver/refit/data/__init__.py": '"""Data."""',
        "driver/refit/data/days.py": "def first() -> None:\n    from refit.errors import RefitError",
        "lambdas/__init__.py": '"""Handlers."""',
        "lambdas/check_data.py": "from refit.data import days",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return Source(tmp_path)


def test_a_module_imports_modules_of_ours_by_name_and_others_by_their_distribution(source: Source) -> None:
    assert source.imports["refit.plan.planner"] == {"boto3", "refit.errors", "refit.data.days"}
    assert source.imports["refit.data.days"] == {"refit.errors"}


def test_a_relative_import_is_an_error(source: Source) -> None:
    (source.root / "driver" / "refit" / "plan" / "new.py").write_text("from . import planner")
    with pytest.raises(ValueError, match=r"refit\.plan\.new: use absolute imports"):
        _ = source.imports


def test_an_arrow_that_follows_from_others_is_left_out(source: Source) -> None:
    drawn = [line.strip() for line in picture(source).splitlines() if "-->" in line]
    assert drawn == [
        "lambdas --> refit_data",
        "refit_cli --> refit_plan",
        "refit_data --> refit",
        "refit_plan --> refit_data",
    ]


def test_packages_that_import_each_other_are_an_error() -> None:
    with pytest.raises(ValueError, match="a → b → a"):
        reduced({"a": {"b"}, "b": {"a"}})


def test_a_room_has_its_folder_and_the_first_line_of_its_docstring(source: Source) -> None:
    assert "| `driver/refit/plan/` | Plans. |" in rooms(source).splitlines()
    assert "| `lambdas/` | Handlers. |" in rooms(source).splitlines()

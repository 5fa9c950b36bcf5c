"""The wheel: its contents, and that the same sources give the same bytes."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from refit.version import VERSION
from tests.support.checkout import Repository
from tests.support.tracked_files import ROOT, tracked
from tests.support.wheel import build, copy_sources

LOCKS = ("requirements/driver.txt", "requirements/local.txt")


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built in a folder that contains a developer's files that must not be packaged."""
    folder = tmp_path_factory.mktemp("sources")
    copy_sources(folder)
    for litter in (
        "terraform/terraform.tfvars",
        "terraform/bootstrap/terraform.tfvars",
        "terraform/bootstrap/terraform.tfstate",
        "terraform/bootstrap/.terraform/modules/modules.json",
        "lambdas/__pycache__/check_data.cpython-311.pyc",
        "driver/refit/__pycache__/git.cpython-311.pyc",
    ):
        (folder / litter).parent.mkdir(parents=True, exist_ok=True)
        (folder / litter).touch()
    return build(folder, folder / "dist")


def test_it_holds_the_package_and_what_refit_reads_of_a_checkout(wheel: Path) -> None:
    package = {path.removeprefix("driver/") for path in tracked("driver/refit", untracked=True)}
    listed = tracked("asl", "lambdas", "terraform", untracked=True)
    sources = {path for path in listed if not path.startswith("terraform/pipelines/")}
    assert names(wheel) == package | {f"refit/stack/{path}" for path in (*sources, *LOCKS)}
    assert "refit/stack/terraform/.terraform.lock.hcl" in names(wheel)


def test_its_files_are_those_of_the_checkout(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in names(wheel):
            source = name.removeprefix("refit/stack/") if name.startswith("refit/stack/") else f"driver/{name}"
            assert archive.read(name) == (ROOT / source).read_bytes(), name


def test_its_metadata_names_the_distribution_the_version_and_the_command(wheel: Path) -> None:
    info = f"refit_sagemaker-{VERSION}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"{info}/METADATA").decode()
        entry_points = archive.read(f"{info}/entry_points.txt").decode()
    assert f"\nName: refit-sagemaker\nVersion: {VERSION}\n" in metadata
    assert "\nRequires-Dist: slack-sdk~=" in metadata
    assert "\nProvides-Extra: local\n" in metadata
    assert entry_points == "[console_scripts]\nrefit = refit.cli:main\n"


def test_two_builds_give_the_same_bytes_wherever_and_whenever(wheel: Path, tmp_path: Path) -> None:
    previous = os.umask(0o077)
    try:
        copy_sources(tmp_path / "elsewhere")
        for file in (tmp_path / "elsewhere").rglob("*"):
            os.utime(file, (1_000_000_000, 1_000_000_000))
        again = build(tmp_path / "elsewhere", tmp_path / "dist", TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="7")
    finally:
        os.umask(previous)
    assert again.read_bytes() == wheel.read_bytes()


def test_a_clean_clone_writes_its_commit_into_the_wheel_and_a_changed_one_does_not(tmp_path: Path) -> None:
    copy_sources(tmp_path)
    head = Repository(tmp_path).commit()
    with zipfile.ZipFile(build(tmp_path, tmp_path / "dist")) as archive:
        assert archive.read("refit/stack/COMMIT").decode() == f"{head}\n"
    (tmp_path / "lambdas" / "new.py").touch()
    assert "refit/stack/COMMIT" not in names(build(tmp_path, tmp_path / "dist"))

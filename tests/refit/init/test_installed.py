"""Where the installed Refit came from: only a hash that an installer recorded, or that was computed from a file."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from refit.errors import RefitError
from refit.init import installed
from refit.init.installed import WHEEL, Requirement, Unknown
from refit.version import VERSION
from tests.support.own_repository import init, states

INFO = f"refit_sagemaker-{VERSION}.dist-info"
RECORD = f"refit/__init__.py,sha256=abc,84\n{INFO}/RECORD,,\n"
URL = f"https://example.com/releases/{WHEEL}"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The metadata of an installed distribution, found before the one of this environment."""
    info = tmp_path / "site" / INFO
    info.mkdir(parents=True)
    # pip adds its own files to the list of the wheel.
    (info / "RECORD").write_text(f"../../../bin/refit,sha256=xyz,213\n{RECORD}{INFO}/direct_url.json,sha256=uvw,90\n")
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: refit-sagemaker\nVersion: {VERSION}\n")
    monkeypatch.syspath_prepend(str(info.parent))
    return info


def record(site: Path, **document: object) -> None:
    (site / "direct_url.json").write_text(json.dumps(document))


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    file = tmp_path / "downloads of mine" / WHEEL
    file.parent.mkdir()
    write(file, RECORD)
    return file


def write(wheel: Path, record: str) -> None:
    """Writes a wheel with nothing but the list of its files."""
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{INFO}/RECORD", record)


def sha256(wheel: Path) -> str:
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


def test_a_wheel_from_an_address_keeps_the_address_and_the_recorded_hash(site: Path, tmp_path: Path) -> None:
    record(site, url=URL, archive_info={"hash": "sha256=old", "hashes": {"sha256": "ab" * 32}})
    found = installed.requirement(tmp_path)
    assert str(found) == f"refit-sagemaker @ {URL} \\\n    --hash=sha256:{'ab' * 32}"


def test_the_older_form_of_the_record_is_read_too(site: Path, tmp_path: Path) -> None:
    record(site, url=URL, archive_info={"hash": f"sha256={'cd' * 32}"})
    assert installed.requirement(tmp_path) == Requirement(f"refit-sagemaker @ {URL}", "cd" * 32)


def test_a_wheel_from_a_file_is_hashed_when_it_is_still_there(site: Path, wheel: Path, tmp_path: Path) -> None:
    record(site, url=wheel.as_uri(), archive_info={})
    copy = installed.requirement(tmp_path / "models")
    assert copy == Requirement(f"./wheels/{WHEEL}", sha256(wheel), wheel)
    assert copy.copies() == {f"wheels/{WHEEL}": wheel.read_bytes()}
    assert installed.requirement(tmp_path) == Requirement(f"./downloads of mine/{WHEEL}", sha256(wheel))


def test_a_file_that_is_gone_cannot_be_copied(site: Path, wheel: Path, tmp_path: Path) -> None:
    record(site, url=wheel.as_uri(), archive_info={"hashes": {"sha256": "ab" * 32}})
    wheel.unlink()
    unknown = installed.requirement(tmp_path)
    assert isinstance(unknown, Unknown)
    assert unknown.reason == f"{wheel}, from which this Refit was installed, is missing or has been replaced"
    assert f"--wheel PATH/{WHEEL}" in unknown.hint


def test_an_address_without_a_recorded_hash_is_unknown(site: Path, tmp_path: Path) -> None:
    record(site, url=URL, archive_info={})
    unknown = installed.requirement(tmp_path)
    assert isinstance(unknown, Unknown)
    assert unknown.reason == f"the installer of this Refit recorded no hash of {URL}"


def test_the_wheel_is_copied_into_a_new_repository_and_at_an_update(site: Path, wheel: Path, tmp_path: Path) -> None:
    record(site, url=wheel.as_uri(), archive_info={})
    result = init(tmp_path / "models")
    assert (result.copied, result.answers.wheels) == ((f"wheels/{WHEEL}",), "wheels")
    copy = tmp_path / "models" / "wheels" / WHEEL
    assert copy.read_bytes() == wheel.read_bytes()
    pinned = f"./wheels/{WHEEL} \\\n    --hash=sha256:{sha256(wheel)}\n"
    for name in ("requirements.txt", "requirements-local.txt"):
        assert pinned in (tmp_path / "models" / name).read_text()
    copy.unlink()
    assert states(init(tmp_path / "models")) == {}
    assert not copy.exists(), "nothing is written without --update"
    assert init(tmp_path / "models", update=True).copied == (f"wheels/{WHEEL}",)
    wheel.unlink()
    assert (states(init(tmp_path / "models")), copy.is_file()) == ({}, True)


def test_another_file_at_the_same_place_is_not_taken_for_the_installed_one(
    site: Path, wheel: Path, tmp_path: Path
) -> None:
    record(site, url=wheel.as_uri(), archive_info={})
    write(wheel, RECORD.replace("abc", "other"))
    assert isinstance(installed.requirement(tmp_path), Unknown)
    wheel.write_bytes(b"not a zip file")
    assert isinstance(installed.requirement(tmp_path), Unknown)


@pytest.mark.parametrize(
    "origin",
    [{"dir_info": {"editable": True}}, {"vcs_info": {"vcs": "git", "commit_id": "ab" * 20}}],
)
def test_a_folder_or_a_git_repository_has_no_hash(site: Path, tmp_path: Path, origin: dict[str, object]) -> None:
    record(site, url="https://example.com/refit", **origin)
    unknown = installed.requirement(tmp_path)
    assert isinstance(unknown, Unknown)
    assert f"--wheel PATH/{WHEEL}" in unknown.hint


def test_a_package_from_an_index_is_downloaded_once_more(
    site: Path, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not (site / "direct_url.json").exists()
    wheel = wheel.rename(tmp_path / WHEEL)  # pip takes a space in the variable for the end of a path
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    unknown = installed.requirement(tmp_path)  # no metadata in it: pip refuses it
    assert isinstance(unknown, Unknown)
    assert unknown.reason.startswith(f"pip could not download refit-sagemaker=={VERSION}: ")
    info = (("METADATA", (site / "METADATA").read_text()), ("WHEEL", "Wheel-Version: 1.0\n"))
    with zipfile.ZipFile(wheel, "a") as archive:
        for name, text in info:
            archive.writestr(f"{INFO}/{name}", text)
    assert installed.requirement(tmp_path) == Requirement(f"refit-sagemaker=={VERSION}", sha256(wheel))
    (site / "RECORD").write_text("refit/__init__.py,sha256=other,84\n")
    unknown = installed.requirement(tmp_path)
    assert isinstance(unknown, Unknown)
    assert unknown.reason == f"{WHEEL} on the package index differs from the installed one"


def test_a_commit_that_git_installed_is_known(site: Path) -> None:
    record(site, url="https://example.com/refit", vcs_info={"vcs": "git", "commit_id": "ab" * 20})
    assert installed.commit() == "ab" * 20
    record(site, url=URL, archive_info={})
    assert installed.commit() is None


def test_only_the_wheel_of_this_version_is_accepted(wheel: Path, tmp_path: Path) -> None:
    assert installed.from_wheel(wheel, tmp_path) == Requirement(f"./downloads of mine/{WHEEL}", sha256(wheel))
    for other in (wheel.with_name("refit_sagemaker-0.0.1-py3-none-any.whl"), tmp_path / WHEEL):
        with pytest.raises(RefitError, match="is not the wheel of this version") as raised:
            installed.from_wheel(other, tmp_path)
        assert raised.value.hint == f"name an existing file {WHEEL}"

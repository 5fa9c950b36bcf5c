"""source.tar.gz has the same bytes every time, and contains only code."""

from __future__ import annotations

import gzip
import hashlib
import os
import tarfile
from pathlib import Path

import pytest

from refit.artifacts.source_archive import pack
from refit.errors import BuildError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Code in two folders, and files that tools leave next to it."""
    folder = tmp_path / "code"
    for name, text in {
        "train.py": "import shapes.trees\n",
        "shapes/trees.py": "depth = 3\n",
        "shapes/__pycache__/trees.cpython-311.pyc": "compiled",
        "__pycache__/train.cpython-311.pyc": "compiled",
        ".env": "SECRET=1\n",
        ".cache/notes": "",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "empty").mkdir()
    return folder


def test_it_is_the_same_bytes_whenever_and_wherever_it_is_built(folder: Path, tmp_path: Path) -> None:
    first = pack(folder, tmp_path / "a.tar.gz")
    os.utime(folder / "train.py", (1, 1))
    (folder / "train.py").chmod(0o700)
    assert (
        pack(folder, tmp_path / "b.tar.gz") == first == hashlib.sha256((tmp_path / "b.tar.gz").read_bytes()).hexdigest()
    )


def test_its_bytes_have_not_changed_since_this_test_was_written(folder: Path, tmp_path: Path) -> None:
    assert pack(folder, tmp_path / "a.tar.gz") == "434349aae3928c5f98499356dc4399c85c63ea49a94e9db4b73eb895cd5200a4"


def test_it_contains_only_the_code_sorted_and_without_owners(folder: Path, tmp_path: Path) -> None:
    pack(folder, tmp_path / "a.tar.gz")
    with tarfile.open(tmp_path / "a.tar.gz", mode="r:gz") as tar:
        members = tar.getmembers()
        assert tar.extractfile("train.py").read() == b"import shapes.trees\n"  # type: ignore[union-attr]
    assert [member.name for member in members] == ["shapes/trees.py", "train.py"]
    assert {(m.mtime, m.uid, m.gid, m.uname, m.gname, m.mode) for m in members} == {(0, 0, 0, "", "", 0o644)}


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 200_000])
def test_files_of_every_size_come_back(tmp_path: Path, size: int) -> None:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "data").write_bytes((bytes(range(251)) * 800)[:size])
    pack(folder, tmp_path / "a.tar.gz")
    with tarfile.open(fileobj=gzip.open(tmp_path / "a.tar.gz")) as tar:
        assert tar.extractfile("data").read() == (folder / "data").read_bytes()  # type: ignore[union-attr]


@pytest.mark.parametrize("target", ["train.py", "../../outside.py", "shapes"])
def test_a_link_is_rejected_wherever_it_leads(folder: Path, tmp_path: Path, target: str) -> None:
    (folder / "shapes" / "link").symlink_to(target)
    with pytest.raises(BuildError, match="shapes/link is a symbolic link"):
        pack(folder, tmp_path / "a.tar.gz")
    assert not (tmp_path / "a.tar.gz").exists()


def test_what_is_not_a_file_is_rejected(folder: Path, tmp_path: Path) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(BuildError, match="pipe is neither a file nor a folder"):
        pack(folder, tmp_path / "a.tar.gz")

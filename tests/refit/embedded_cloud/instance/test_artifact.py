"""Packs and unpacks model.tar.gz."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refit.embedded_cloud.instance import artifact
from refit.embedded_cloud.instance.algorithm import CannotLoad


def test_a_packed_folder_comes_back_and_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    folder, copy = tmp_path / "model", tmp_path / "copy"
    (folder / "deep").mkdir(parents=True)
    copy.mkdir()
    (folder / "model_algo-1").write_text("weights")
    (folder / "deep" / "notes").write_bytes(b"\x00\x01")
    packed = artifact.pack(folder)
    os.utime(folder / "model_algo-1", (0, 0))
    assert artifact.pack(folder) == packed

    artifact.unpack(packed, copy)
    assert (copy / "model_algo-1").read_text() == "weights"
    assert (copy / "deep" / "notes").read_bytes() == b"\x00\x01"


def archive(*entries: tarfile.TarInfo | tuple[str, bytes]) -> bytes:
    """A tar.gz of these headers, or of files with a name and a content."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as tar:
        for entry in entries:
            if isinstance(entry, tarfile.TarInfo):
                tar.addfile(entry)
            else:
                header = tarfile.TarInfo(entry[0])
                header.size = len(entry[1])
                tar.addfile(header, io.BytesIO(entry[1]))
    return written.getvalue()


def entry(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.type, header.linkname = kind, target
    return header


def test_an_archive_made_by_tar_is_unpacked(tmp_path: Path) -> None:
    packed = archive(entry(".", tarfile.DIRTYPE), ("./code/train.py", b"x = 1"), entry("empty", tarfile.DIRTYPE))
    artifact.unpack(packed, tmp_path)
    assert (tmp_path / "code" / "train.py").read_text() == "x = 1"
    assert (tmp_path / "empty").is_dir()


@pytest.mark.parametrize("name", ["../outside", "deep/../../outside", "/outside", "..", "a\\..\\outside"])
def test_a_name_outside_the_folder_is_rejected(tmp_path: Path, name: str) -> None:
    (tmp_path / "model").mkdir()
    with pytest.raises(CannotLoad, match="the source s3://b/k has an entry outside its folder"):
        artifact.unpack(archive((name, b"x")), tmp_path / "model", what="source s3://b/k")
    assert [path.name for path in tmp_path.rglob("*")] == ["model"]


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.GNUTYPE_SPARSE],
)
def test_only_files_and_folders_are_unpacked(tmp_path: Path, kind: bytes) -> None:
    with pytest.raises(CannotLoad, match="an entry that is neither a file nor a folder: 'there'"):
        artifact.unpack(archive(entry("there", kind, "/etc/passwd")), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_file_cannot_be_written_through_a_link_of_the_same_archive(tmp_path: Path) -> None:
    """The kind of CVE-2025-4517: a link first, then a file below it."""
    (tmp_path / "model").mkdir()
    through = archive(entry("link", tarfile.SYMTYPE, ".."), ("link/outside", b"x"))
    with pytest.raises(CannotLoad):
        artifact.unpack(through, tmp_path / "model")
    assert not (tmp_path / "outside").exists()


def test_sizes_counts_and_depth_have_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotLoad, match="more than 32 folders deep"):
        artifact.unpack(archive(("a/" * 32 + "b", b"")), tmp_path)
    monkeypatch.setattr(artifact, "MAX_ENTRIES", 3)
    with pytest.raises(CannotLoad, match="the model has more than 3 files and folders"):
        artifact.unpack(archive(*((str(number), b"") for number in range(4))), tmp_path)
    monkeypatch.setattr(artifact, "MAX_BYTES", 1_000_000)
    for zeros in (archive(("a", bytes(2_000_000))), archive(("a", bytes(600_000)), ("b", bytes(600_000)))):
        assert len(zeros) < 10_000
        with pytest.raises(CannotLoad, match="the model is larger than 1,000,000 bytes"):
            artifact.unpack(zeros, tmp_path)
    assert sum(path.stat().st_size for path in tmp_path.rglob("?")) <= 1_000_000


def test_an_entry_that_cannot_be_written_is_reported_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(CannotLoad, match=r"cannot be written: 'a' \(Is a directory\)"):
        artifact.unpack(archive(("a/b", b""), ("a", b"")), tmp_path)
    with pytest.raises(CannotLoad, match=r"cannot be written: 'n+' \(File name too long\)"):
        artifact.unpack(archive(("n" * 300, b"")), tmp_path)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.binary(max_size=40), st.booleans())
def test_damaged_archives_are_refused_and_write_nothing_outside(at: int, change: bytes, compressed: bool) -> None:
    sound = archive(("a/b", b"x" * 100), entry("c", tarfile.DIRTYPE), ("d", b"y" * 2000))
    data = sound if compressed else gzip.decompress(sound)
    at %= len(data)
    damaged = data[:at] + change + data[at + len(change) :]
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "model")
        folder.mkdir()
        try:
            artifact.unpack(damaged if compressed else gzip.compress(damaged), folder)
        except CannotLoad as error:
            assert str(error).startswith("the model ")  # noqa: PT017 - either outcome is right
        assert [path.name for path in Path(parent).iterdir()] == ["model"]
        assert all(path.is_file() or path.is_dir() for path in folder.rglob("*"))


@pytest.mark.parametrize("damaged", [b"", b"not a tar.gz", b"\x1f\x8b\x08\x00 cut short"])
def test_bytes_that_are_no_archive_cannot_be_loaded(tmp_path: Path, damaged: bytes) -> None:
    with pytest.raises(CannotLoad, match=r"not a tar\.gz"):
        artifact.unpack(damaged, tmp_path)

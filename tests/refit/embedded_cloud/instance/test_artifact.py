"""Packs and unpacks model.tar.gz."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

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


def test_a_model_cannot_write_outside_its_folder(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("../outside"))
    (tmp_path / "model").mkdir()
    with pytest.raises(CannotLoad):
        artifact.unpack(archive.getvalue(), tmp_path / "model")
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("archive", [b"", b"not a tar.gz", b"\x1f\x8b\x08\x00 cut short"])
def test_bytes_that_are_no_archive_cannot_be_loaded(tmp_path: Path, archive: bytes) -> None:
    with pytest.raises(CannotLoad, match=r"not a tar\.gz"):
        artifact.unpack(archive, tmp_path)

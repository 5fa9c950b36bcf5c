"""What an ML instance of the embedded cloud runs, and how it packs a model."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from refit.embedded_cloud import linear_learner
from refit.embedded_cloud.instance import artifact, images
from refit.embedded_cloud.instance.algorithm import CannotLoad


@pytest.mark.parametrize(
    "image",
    [
        "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1",
        "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:latest",
        "390948362332.dkr.ecr.cn-north-1.amazonaws.com.cn/linear-learner:1",
        "490574956308.dkr.ecr.us-iso-east-1.c2s.ic.gov/linear-learner:1",
        "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner",
    ],
)
def test_linear_learner_is_known_in_every_region(image: str) -> None:
    assert images.built_in(image) is linear_learner


@pytest.mark.parametrize(
    "image",
    [
        "174872318107.dkr.ecr.us-west-2.amazonaws.com/xgboost:1",
        "174872318107.dkr.ecr.us-west-2.amazonaws.com/team/linear-learner:1",
        "linear-learner:1",
        "docker.io/linear-learner:1",
        "",
    ],
)
def test_another_image_is_not(image: str) -> None:
    assert images.built_in(image) is None
    assert "linear-learner:1" in images.unknown(image)


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

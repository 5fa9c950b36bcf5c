"""The paths of a processing container on the volume of an emulated instance."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.embedded_cloud.instance import processing_folders

VOLUME = Path("/volume")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/opt/ml/processing/input/code/check.py", "/volume/processing/input/code/check.py"),
        ("--input=/opt/ml/processing/input", "--input=/volume/processing/input"),
        ("/opt/ml", "/volume"),
        ("/opt/ml/a:/opt/ml/b", "/volume/a:/volume/b"),
        ('{"folder": "/opt/ml/a"}', '{"folder": "/volume/a"}'),
        ("s3://bucket/opt/ml/a", "s3://bucket/opt/ml/a"),
        ("/opt/mlops/a", "/opt/mlops/a"),
        ("../opt/ml/a", "../opt/ml/a"),
        ("--rows", "--rows"),
    ],
)
def test_a_path_is_replaced_wherever_it_begins(text: str, expected: str) -> None:
    assert processing_folders.mapped(text, VOLUME) == expected
    assert processing_folders.mapped({text: [text, 1, None]}, VOLUME) == {text: [expected, 1, None]}


@pytest.mark.parametrize(
    "path", ["/opt/ml/processing/", "/opt/ml/processing/input/data", "/opt/ml/processing/a/", "/opt/ml/processing/..a"]
)
def test_a_local_path_is_below_the_folder_of_processing(path: str) -> None:
    assert processing_folders.is_allowed(path)
    assert processing_folders.on_volume(VOLUME, path).is_relative_to(VOLUME / "processing")


@pytest.mark.parametrize(
    "path", ["/opt/ml/processing", "/opt/ml/input", "opt/ml/processing/a", "/opt/ml/processing/../a", "/etc", "", "\0"]
)
def test_any_other_is_refused(path: str) -> None:
    assert not processing_folders.is_allowed(path)

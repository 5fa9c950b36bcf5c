"""The message that a processing container leaves when it exits."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.embedded_cloud.instance import exit_message
from refit.embedded_cloud.instance.algorithm import CustomerError


def left(volume: Path, content: bytes) -> str:
    exit_message.path(volume).parent.mkdir()
    exit_message.path(volume).write_bytes(content)
    return exit_message.read(volume)


def test_without_the_file_there_is_no_message(tmp_path: Path) -> None:
    assert exit_message.read(tmp_path) == ""


def test_a_character_at_the_limit_is_left_out_if_it_does_not_fit(tmp_path: Path) -> None:
    assert left(tmp_path, ("x" * 1023 + "äöü").encode()) == "x" * 1023


@pytest.mark.parametrize("content", [b"\xff\xfe", "ä".encode()[:1], b"x" * 1023 + b"\xc3"])
def test_what_is_not_utf_8_is_an_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CustomerError, match="is not encoded in UTF-8"):
        left(tmp_path, content)

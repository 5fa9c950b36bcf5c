"""All files are written or none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from refit.errors import RefitError
from tests.support.own_repository import age, content, init


def test_a_failure_in_the_middle_leaves_every_file_as_it_was(tmp_path: Path) -> None:
    init(tmp_path)
    age(tmp_path, ".github/CODEOWNERS")
    age(tmp_path, "README.md")
    (tmp_path / "terraform" / "bootstrap").touch()  # a file where a folder must be
    before = content(tmp_path)
    with pytest.raises(RefitError, match=r"cannot be written: .*; nothing has been changed"):
        init(tmp_path, update=True, bootstrap=True)
    assert content(tmp_path) == before


def test_a_failure_the_first_time_leaves_no_file_and_no_folder(tmp_path: Path) -> None:
    (tmp_path / "terraform").touch()
    with pytest.raises(RefitError, match="cannot be written: "):
        init(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["terraform"]


def test_a_file_that_cannot_be_replaced_is_named_and_not_its_temporary_copy(tmp_path: Path) -> None:
    init(tmp_path)
    age(tmp_path, "README.md")
    (tmp_path / f".README.md.{os.getpid()}").mkdir()
    with pytest.raises(RefitError) as raised:
        init(tmp_path, update=True)
    assert str(raised.value) == f"{tmp_path / 'README.md'} cannot be written: Is a directory; nothing has been changed"


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / ".github").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RefitError, match="is a link to a location outside "):
        init(tmp_path / "models")
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".github"]

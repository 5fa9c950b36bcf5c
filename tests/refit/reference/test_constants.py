"""Constants are read from a module's source, which need not be importable."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.reference.constants import keys, literal
from refit.reference.imports import Source


@pytest.fixture
def source(tmp_path: Path) -> Source:
    module = tmp_path / "driver" / "refit" / "shelf.py"
    module.parent.mkdir(parents=True)
    module.write_text('import absent\nNAMES = ("a", "b")\nBY: dict = {("a", "b"): absent.run}\nOTHER: int\n')
    return Source(tmp_path)


def test_a_literal_has_its_value(source: Source) -> None:
    assert literal(source, "refit.shelf", "NAMES") == ("a", "b")


def test_a_dictionary_of_functions_has_its_keys(source: Source) -> None:
    assert keys(source, "refit.shelf", "BY") == [("a", "b")]


def test_keys_belong_to_a_dictionary(source: Source) -> None:
    with pytest.raises(KeyError, match=r"refit\.shelf\.NAMES is not a dictionary"):
        keys(source, "refit.shelf", "NAMES")


@pytest.mark.parametrize("name", ["ABSENT", "OTHER"])
def test_a_constant_that_is_not_there_is_an_error(source: Source, name: str) -> None:
    with pytest.raises(KeyError, match=f"refit.shelf has no constant {name}"):
        literal(source, "refit.shelf", name)

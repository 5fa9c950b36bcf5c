"""Rows for predictions are checked before any is sent."""

import io
from pathlib import Path

import pytest

from refit.data.feature_rows import read_rows
from refit.errors import InvalidData, RefitError


def test_rows_come_from_arguments_a_file_or_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("1, 2\n\n3,4\n")
    assert read_rows(["1,2"], None, io.StringIO(), 2) == ["1,2"]
    assert read_rows([], file, io.StringIO(), 2) == ["1,2", "3,4"]
    assert read_rows([], None, io.StringIO("5,6\n"), 2) == ["5,6"]
    assert read_rows([], Path("-"), io.StringIO("5,6\n"), 2) == ["5,6"]


def test_every_bad_row_is_reported() -> None:
    with pytest.raises(InvalidData) as raised:
        read_rows(["1,2,3", "1,b", "1,2", "7"], None, io.StringIO(), 2)
    assert [str(problem) for problem in raised.value.problems] == [
        "arguments:1:1: wrong-columns 3 features, expected 2; write the features without the label",
        "arguments:2:2: not-a-number b is not a finite number",
        "arguments:4:1: wrong-columns 1 feature, expected 2; write the features without the label",
    ]


def test_a_file_of_training_rows_is_reported_in_a_few_lines() -> None:
    with pytest.raises(InvalidData) as raised:
        read_rows([], None, io.StringIO("a,b,label\n" + "1,2,3\n" * 1500), 2)
    lines = str(raised.value).splitlines()
    assert lines[0] == "stdin:1:1: header this line is a header, not data; remove the line"
    assert lines[9] == "stdin:10:1: wrong-columns 3 features, expected 2; write the features without the label"
    assert lines[10:] == ["and 1,491 more"]
    assert len(raised.value.problems) == 1501


@pytest.mark.parametrize(
    ("arguments", "file", "message"),
    [
        ([], None, "stdin: no rows"),
        (["1,2"], Path("rows.csv"), "both as arguments and with --file"),
        ([], Path("missing.csv"), "No such file"),
    ],
)
def test_nothing_to_ask_is_a_message(arguments: list[str], file: Path | None, message: str) -> None:
    with pytest.raises(RefitError, match=message):
        read_rows(arguments, file, io.StringIO(), 2)

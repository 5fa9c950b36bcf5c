"""Rows for predictions are checked before any is sent."""

import io
from pathlib import Path

import pytest

from refit.data.feature_rows import read_rows
from refit.errors import InvalidData, RefitError


def test_rows_come_from_arguments_a_file_or_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("1, 2\n\n3,4\n")
    assert read_rows(["1,2"], None, io.BytesIO(), 2) == ["1,2"]
    assert read_rows([], file, io.BytesIO(), 2) == ["1,2", "3,4"]
    assert read_rows([], None, io.BytesIO(b"5,6\n"), 2) == ["5,6"]
    assert read_rows([], Path("-"), io.BytesIO(b"5,6\n"), 2) == ["5,6"]


def test_every_kind_of_bad_row_is_reported() -> None:
    with pytest.raises(InvalidData) as raised:
        read_rows(["1,2,3", "1,b", "1,2", "7"], None, io.BytesIO(), 2)
    assert [str(problem) for problem in raised.value.problems] == [
        "arguments:1:1: wrong-columns the row has 3 columns, expected 2: the features without the label; "
        "write 2 numbers",
        "arguments:2:2: not-a-number column 2 is text: 'b'; write a number",
        "arguments:4:1: wrong-columns the row has 1 column, expected 2: the features without the label; "
        "write 2 numbers",
    ]


def test_a_file_of_training_rows_is_reported_in_a_few_lines() -> None:
    with pytest.raises(InvalidData) as raised:
        read_rows([], None, io.BytesIO(b"a,b,label\n" + b"1,2,3\n" * 1500), 2)
    assert str(raised.value).splitlines() == [
        "stdin:1:1: header this line is a header, not data; remove the line",
        "stdin:2:1: wrong-columns the row has 3 columns, expected 2: the features without the label "
        "(1,500 rows: lines 2, 3, 4 and 1,497 more); write 2 numbers",
    ]


def test_a_byte_order_mark_and_quotes_are_not_sent(tmp_path: Path) -> None:
    """Case predict-bom."""
    file = tmp_path / "rows.csv"
    file.write_bytes(b'\xef\xbb\xbf0.02731,"7"\r\n')
    assert read_rows([], file, None, 2) == ["0.02731,7"]


def test_a_standard_input_that_is_closed_is_a_message() -> None:
    """Case predict-without-stdin: under cron and systemd."""
    with pytest.raises(RefitError, match="standard input is closed"):
        read_rows([], None, None, 2)
    with Path("/dev/null").open("wb") as unreadable, pytest.raises(RefitError, match="stdin: "):
        read_rows([], None, unreadable, 2)


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
        read_rows(arguments, file, io.BytesIO(), 2)

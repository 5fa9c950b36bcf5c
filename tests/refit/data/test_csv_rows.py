"""Reading data files: no row is dropped, and every bad row is reported."""

from pathlib import Path

import pytest

from refit.data import csv_rows
from refit.errors import InvalidData, RefitError

BOSTON = Path(__file__).parents[3] / "examples" / "boston-housing.csv"


def write(path: Path, text: str) -> Path:
    file = path / "data.csv"
    file.write_text(text)
    return file


def test_a_labelled_column_comes_first_and_no_home_is_dropped() -> None:
    rows = csv_rows.read(BOSTON, 13, label="medv")
    assert len(rows) == 506
    assert rows[0].label == 24
    assert rows[0].features == "0.00632,18,2.31,0,0.538,6.575,65.2,4.09,1,296,15.3,396.9,4.98"


def test_a_headerless_file_is_taken_as_it_is(tmp_path: Path) -> None:
    rows = csv_rows.read(write(tmp_path, "24,1,2\n21.6, 3 ,4\n"), 2)
    assert csv_rows.body(rows) == b"24,1,2\n21.6,3,4\n"


def test_a_byte_order_mark_is_no_part_of_the_data(tmp_path: Path) -> None:
    file = tmp_path / "excel.csv"
    file.write_text("24,1\n", encoding="utf-8-sig")
    assert csv_rows.read(file, 1)[0].label == 24


def test_every_kind_of_bad_cell_is_reported_with_its_place(tmp_path: Path) -> None:
    file = write(tmp_path, "24,1,2\n21,nan,x\n20,1\n19,1_0,\n")
    with pytest.raises(InvalidData) as raised:
        csv_rows.read(file, 2)
    assert [str(problem).removeprefix(f"{file}:") for problem in raised.value.problems] == [
        "2:2: not-a-number column 2 is not a finite number: 'nan'; write a number",
        "2:3: not-a-number column 3 is text: 'x'; write a number",
        "3:1: wrong-columns the row has 2 columns, expected 3: the label, then 2 features; "
        "write every column in each row",
        "4:2: not-a-number column 2 has a decimal comma or a thousands separator: '1_0'; write 10",
        "4:3: not-a-number column 3 is empty; write a number",
    ]


def test_a_header_without_a_label_is_named_as_one(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match=r":1:1: header this line is a header, not data; remove the line"):
        csv_rows.read(write(tmp_path, "price,rooms\n1,2\n"), 1)


@pytest.mark.parametrize(
    ("text", "label", "message"),
    [
        ("", None, "no rows"),
        ("price,rooms\n", "price", "no rows"),
        ("price,rooms\n1,2\n", "cost", "there is no column cost"),
        ('"1,2\n', None, "not-csv the line is not CSV: unexpected end of data"),
    ],
)
def test_a_file_without_usable_rows_is_refused(tmp_path: Path, text: str, label: str | None, message: str) -> None:
    with pytest.raises(RefitError, match=message):
        csv_rows.read(write(tmp_path, text), 1, label)


def test_a_missing_file_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(RefitError, match="No such file"):
        csv_rows.read(tmp_path / "none.csv", 1)


def test_a_split_keeps_every_row_once_and_in_order() -> None:
    rows = csv_rows.shuffled(csv_rows.read(BOSTON, 13, label="medv"), seed=1)
    parts = csv_rows.split(rows, 7)
    assert [row for part in parts for row in part] == rows
    assert {len(part) for part in parts} == {72, 73}


def test_a_shuffle_depends_on_its_seed_alone() -> None:
    rows = csv_rows.read(BOSTON, 13, label="medv")
    assert csv_rows.shuffled(rows, 1) == csv_rows.shuffled(rows, 1)
    assert csv_rows.shuffled(rows, 1) != csv_rows.shuffled(rows, 2)
    assert sorted(row.line for row in csv_rows.shuffled(rows, 1)) == [row.line for row in rows]


@pytest.mark.parametrize("parts", [0, 3])
def test_more_days_than_rows_are_refused(tmp_path: Path, parts: int) -> None:
    rows = csv_rows.read(write(tmp_path, "1,2\n3,4\n"), 1)
    with pytest.raises(RefitError, match="cannot be split"):
        csv_rows.split(rows, parts)

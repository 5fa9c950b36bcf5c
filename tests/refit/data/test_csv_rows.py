"""Reading data files: no row is dropped, and every bad row is reported."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.data import csv_rows
from refit.data.csv_columns import Columns
from refit.domain.csv_cells import WHITE
from refit.domain.data_contract import Column, Contract
from refit.errors import InvalidData, RefitError
from refit.quality.measure import measure_day

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


class TestAContract:
    STREETS = Contract(
        (Column("sold", "boolean"), Column("street", "text"), Column("rooms", "integer", required=False), Column("x"))
    )

    def read(self, folder: Path, text: str) -> list[csv_rows.Row]:
        (folder / "day.csv").write_text(text)
        return csv_rows.read_all([folder / "day.csv"], 3, Columns(), self.STREETS)[folder / "day.csv"]

    def test_allows_what_its_types_allow(self, tmp_path: Path) -> None:
        rows = self.read(tmp_path, 'true,"Elm, St",3,1.5\nFALSE,"the ""old"" one",,2\n')
        assert csv_rows.body(rows) == b'true,"Elm, St",3,1.5\nFALSE,"the ""old"" one",,2\n'

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("yes,Elm,3,1\n", "day.csv:1:1: not-a-number column 1 is text: 'yes'"),
            ("1,Elm,3,\n", "day.csv:1:4: not-a-number column 4 is empty"),
            ("1,Elm,3.5,1\n", "day.csv:1:3: not-a-number column 3 is not a whole number: '3.5'"),
            ("1,,3,1\n", "day.csv:1:2: not-a-number column 2 is empty"),
            ("1,Elm,3\n", "has 3 columns, expected 4"),
            ("sold,street,rooms,x\n1,Elm,3,1\n", "day.csv:1:1: header this line is a header, not data"),
        ],
    )
    def test_names_what_they_do_not_allow(self, tmp_path: Path, text: str, said: str) -> None:
        with pytest.raises(InvalidData) as raised:
            self.read(tmp_path, text)
        assert said in str(raised.value)
        assert len(raised.value.problems) == 1

    @given(
        st.sampled_from(STREETS.columns), st.text(max_size=4) | st.sampled_from(["1", "1.5", "nan", "true", "0", ""])
    )
    def test_accepts_what_a_check_reads_as_a_value(self, column: Column, cell: str) -> None:
        """`refit upload` uploads nothing that the check of a run then refuses."""
        cell = cell.strip(WHITE)
        if not column.accepts(cell) or any(not char.isprintable() for char in cell):
            return
        content = csv_rows.body([csv_rows.Row(("1", cell), 1)])
        assert measure_day([("a", io.BytesIO(content))], Contract((Column("y"), column)))[1] == ()

"""Rows are assigned to days by the files' names, by a column, or by --day; nothing is guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from refit.data.csv_columns import Columns
from refit.data.upload_days import Assignment, by_day
from refit.errors import InvalidData, RefitError

DAY = date(2026, 11, 22)
ONE = Assignment(last_day=DAY)


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def cells(folder: Path, *names: str, feature_dim: int = 1, **settings: object) -> dict[str, list[str]]:
    """The rows of files in `folder`, by day."""
    found = by_day([folder / name for name in names], feature_dim, Assignment(**settings))  # type: ignore[arg-type]
    return {day.isoformat(): [",".join(row.cells) for row in rows] for day, rows in found.items()}


def refusal(folder: Path, *names: str, **settings: object) -> str:
    """The message and the hint, without the folder."""
    with pytest.raises(RefitError) as raised:
        cells(folder, *names, **settings)  # type: ignore[arg-type]
    return f"{raised.value}; {raised.value.hint}".replace(f"{folder}/", "")


class TestADateColumn:
    def test_sends_each_row_to_its_day_and_is_not_a_feature(self, tmp_path: Path) -> None:
        write(
            tmp_path, "all.csv", "sold,rooms,price\n2026-11-02,3,30\n2026-11-01T23:59:00+02:00,2,20\n2026-11-02,1,10\n"
        )
        found = cells(tmp_path, "all.csv", columns=Columns("price", "sold"))
        assert found == {"2026-11-01": ["20,2"], "2026-11-02": ["30,3", "10,1"]}

    def test_with_something_else_in_it_is_reported_in_one_line(self, tmp_path: Path) -> None:
        rows = "".join(f"{day}.11.2026,3,30\n" for day in range(1, 25))
        file = write(tmp_path, "all.csv", f"sold,rooms,price\n{rows}2026-11-02,3,30\n2026-11-02X,3,30\n")
        with pytest.raises(InvalidData) as raised:
            cells(tmp_path, "all.csv", columns=Columns("price", "sold"))
        assert str(raised.value).replace(str(file), "all.csv") == (
            "all.csv:2:1: bad-date column 1 (sold) is not a day: '1.11.2026' (25 rows: lines 2, 3, 4 and 22 more); "
            "write YYYY-MM-DD, or a time such as 2026-11-22T06:00:00Z"
        )

    def test_is_not_the_last_day_of_the_calendar(self, tmp_path: Path) -> None:
        write(tmp_path, "all.csv", "sold,rooms,price\n9999-12-31,3,30\n")
        assert "line 2: 9999-12-31 is not the day" in refusal(tmp_path, "all.csv", columns=Columns("price", "sold"))


class TestTheNamesOfFiles:
    def test_have_the_day_also_in_folders_and_several_files_are_one_day(self, tmp_path: Path) -> None:
        for name in ("2026-11-01.csv", "sales-2026-11-02.csv", "2026-11-03/part-1.csv", "2026-11-03/part-0.CSV"):
            write(tmp_path, f"in/{name}", f"{name[-5]},1\n".replace("-", "9"))
        for skipped in ("_SUCCESS", "_temporary/2026-11-04.csv", "2026-11-05.csv.metadata"):
            write(tmp_path, f"in/{skipped}", "not read")
        expected = {"2026-11-01": ["1,1"], "2026-11-02": ["2,1"], "2026-11-03": ["0,1", "1,1"]}
        assert cells(tmp_path, "in") == expected
        for name in (
            "20261104.csv",
            "dt=2026-11-04/a.csv",
            "year=2026/month=11/day=4/a.csv",
            "of-2026-11-01/2026/11/04/a.csv",
        ):
            write(tmp_path, name, "4,1\n")
            assert cells(tmp_path, name) == {"2026-11-04": ["4,1"]}
        assert cells(tmp_path, "in/2026-11-01.csv", "in/2026-11-01.csv") == {"2026-11-01": ["1,1"]}

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("sales.csv", "sales.csv: there is no day in the file's name; add --day YYYY-MM-DD, or --date-column NAME"),
            ("2026-11-01-to-2026-11-02.csv", "the file's name has several days; name the day: --day YYYY-MM-DD"),
            ("2026-02-30.csv", "there is no day in the file's name"),
        ],
    )
    def test_without_one_day_are_refused(self, tmp_path: Path, name: str, said: str) -> None:
        write(tmp_path, name, "1,2\n")
        assert said in refusal(tmp_path, name)

    def test_in_a_folder_that_are_not_csv_are_named(self, tmp_path: Path) -> None:
        write(tmp_path, "in/2026-11-01.csv", "1,2\n")
        write(tmp_path, "in/2026-11-02.csv.gz", "")
        assert "in has files that are not .csv: in/2026-11-02.csv.gz; name the .csv files" in refusal(tmp_path, "in")
        (tmp_path / "empty").mkdir()
        assert "empty has no .csv files" in refusal(tmp_path, "empty")


class TestColumns:
    def test_to_leave_out_are_no_features_and_may_hold_anything(self, tmp_path: Path) -> None:
        write(tmp_path, "d.csv", "y,a,job,note\n1,2,clerk,\n3,4,cook,?\n")
        found = cells(tmp_path, "d.csv", columns=Columns("y", drop=("job", "note")), last_day=DAY)
        assert found == {"2026-11-22": ["1,2", "3,4"]}

    def test_are_found_by_name_in_every_file(self, tmp_path: Path) -> None:
        write(tmp_path, "2026-11-01.csv", "y,a,b\n1,2,3\n")
        write(tmp_path, "2026-11-02.csv", "b,y,a\n6,4,5\n")
        found = cells(tmp_path, "2026-11-01.csv", "2026-11-02.csv", feature_dim=2, columns=Columns("y"))
        assert found == {"2026-11-01": ["1,2,3"], "2026-11-02": ["4,5,6"]}
        write(tmp_path, "2026-11-02.csv", "c,y,a\n6,4,5\n")
        said = refusal(tmp_path, "2026-11-01.csv", "2026-11-02.csv", feature_dim=2, columns=Columns("y"))
        assert "2026-11-02.csv:1:1: wrong-columns the features are c, a, but those of the first file are a, b" in said

    def test_with_the_labels_name_do_not_leak_into_the_features(self, tmp_path: Path) -> None:
        """Case label-twice."""
        write(tmp_path, "d.csv", "a,y,y\n1,2,2\n3,4,4\n")
        said = refusal(tmp_path, "d.csv", feature_dim=2, columns=Columns("y"), last_day=DAY)
        assert said.startswith("d.csv:1:2: ambiguous-column the columns 2 and 3 are all called y; rename all but one")

    @pytest.mark.parametrize(
        ("columns", "said"),
        [
            (Columns("prize"), "unknown-column there is no column prize; write price"),
            (Columns("cost"), "unknown-column there is no column cost; the columns are: price, job, rooms"),
            (Columns("price", "day", ("jobs",)), "there is no column day"),
            (Columns("price"), "the header has 2 features (job, rooms), expected 1; leave columns out: --drop job; or"),
        ],
        ids=["close", "unknown", "several", "too many"],
    )
    def test_that_are_wrong_are_named(self, tmp_path: Path, columns: Columns, said: str) -> None:
        write(tmp_path, "2026-11-22.csv", "price,job,rooms\n1,clerk,2\n")
        assert said in refusal(tmp_path, "2026-11-22.csv", columns=columns)

    def test_of_a_file_without_a_header_have_no_names(self, tmp_path: Path) -> None:
        write(tmp_path, "d.csv", "1,2\n3,4\n")
        said = refusal(tmp_path, "d.csv", columns=Columns("y"), last_day=DAY)
        assert "this line is data, not a header; leave out --label" in said

    def test_of_text_are_one_line_however_many_rows_they_have(self, tmp_path: Path) -> None:
        """Case upload-text-column."""
        write(tmp_path, "d.csv", "y,a,job\n" + "".join(f"{row},{row},clerk\n" for row in range(2000)))
        assert refusal(tmp_path, "d.csv", feature_dim=2, columns=Columns("y"), last_day=DAY) == (
            "d.csv:2:3: not-a-number column 3 (job) is text: 'clerk' (in all 2,000 rows); "
            "write a number, or leave the column out: --drop job; None"
        )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (lambda: Assignment(Columns("y", "d"), DAY), "--date-column and --day both set the day"),
        (lambda: Assignment(days=3), "--days needs the last of the days"),
        (lambda: Assignment(last_day=date.max), "--day 9999-12-31: no window can have this day"),
        (
            lambda: Assignment(last_day=date(1, 1, 2), days=3),
            "--day 0001-01-02: the calendar does not have 3 days up to it",
        ),
        (lambda: Columns(None, "d"), "--date-column needs a file with a header"),
        (lambda: Columns(None, drop=("d",)), "--drop needs a file with a header"),
        (lambda: Columns("y", "y"), "y is the label; it cannot be the column of --date-column"),
        (lambda: Columns("y", drop=("y",)), "y is the label; it cannot be the column of --drop"),
        (lambda: Columns("y", "d", ("d",)), "d is the date column, which is never a feature"),
    ],
    ids=["two days", "no last day", "last day", "first day", "no label", "no header", "date", "label", "drop"],
)
def test_settings_that_contradict_each_other_are_refused(settings: object, said: str) -> None:
    with pytest.raises(RefitError, match=said):
        settings()  # type: ignore[operator]

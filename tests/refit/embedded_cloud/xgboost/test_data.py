"""Reading channels: each content type gives the same rows, and what AWS does not read is an error."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.linear_learner import recordio
from refit.embedded_cloud.linear_learner.tensors import Tensor
from refit.embedded_cloud.xgboost import data
from tests.support.embedded_cloud.xgboost_job import Job

ROWS = [[1.0, 2.0, 3.5], [0.0, -1.0, 4.0], [2.0, 7.0, 0.25]]


def as_parquet(rows: list[list[float]]) -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(
        pa.table({f"column{n}": list(column) for n, column in enumerate(zip(*rows, strict=True))}), file
    )
    return file.getvalue()


def as_recordio(rows: list[list[float]]) -> bytes:
    return b"".join(
        recordio.write(recordio.Record({"values": Tensor(np.array(row[1:]))}, {"values": Tensor(np.array(row[:1]))}))
        for row in rows
    )


def as_csv(rows: list[list[float]]) -> bytes:
    return "".join(",".join(map(str, row)) + "\n" for row in rows).encode()


def as_libsvm(rows: list[list[float]]) -> bytes:
    return "".join(f"{row[0]} 0:{row[1]} 1:{row[2]}\n" for row in rows).encode()


@pytest.mark.parametrize(
    ("content_type", "written"),
    [
        ("text/csv", as_csv),
        ("text/csv; label_size=1", as_csv),
        ("csv", as_csv),
        ("text/libsvm", as_libsvm),
        ("text/x-libsvm", as_libsvm),
        (None, as_libsvm),
        ("application/x-parquet", as_parquet),
        ("application/x-recordio-protobuf", as_recordio),
    ],
)
def test_each_content_type_gives_the_same_rows(
    job: Job, content_type: str | None, written: Callable[[list[list[float]]], bytes]
) -> None:
    job.channel("train", written(ROWS[:2]), written(ROWS[2:]), content_type=content_type)
    matrix = read(job)
    assert matrix.get_label().tolist() == [row[0] for row in ROWS]
    assert matrix.get_data().toarray().tolist() == [row[1:] for row in ROWS]


def read(job: Job, *, has_weights: bool = False) -> object:
    folder = job.folder / "input" / "data" / "train"
    return data.matrix(job.channels["train"], folder, job.folder / "links", has_weights=has_weights)


def test_files_are_read_in_the_order_of_their_names_with_or_without_a_last_line_feed(job: Job) -> None:
    matrix = read(job.channel("train", "1,2\n2,3", "3,4\r\n4,5", "", "5,6\n"))
    assert matrix.get_label().tolist() == [1, 2, 3, 4, 5]


def test_an_empty_cell_is_missing(job: Job) -> None:
    matrix = read(job.channel("train", "1,,3\n2,4,5\n"))
    assert matrix.num_nonmissing() == 3


def test_the_second_column_of_csv_may_have_weights(job: Job) -> None:
    matrix = read(job.channel("train", "1,0.5,3\n2,2,5\n"), has_weights=True)
    assert matrix.get_weight().tolist() == [0.5, 2]
    assert matrix.num_col() == 1


@pytest.mark.parametrize(
    ("content", "content_type", "message"),
    [
        ("1,2\n", "application/json", r"application/json is not an accepted ContentType: csv, libsvm, parquet"),
        ("1,2\n", "text/csv; label_size=0", "label_size must be equal to 1"),
        ("", "text/csv", "No data in channel path"),
        ("\n1,2\n", "text/csv", "Could not determine delimiter on line"),
        ("no parquet", "application/x-parquet", "Failed to load parquet data with exception"),
        ("no records", "application/x-recordio-protobuf", "row 1: is not application/x-recordio-protobuf"),
    ],
)
def test_what_cannot_be_read_is_the_customers_error(job: Job, content: str, content_type: str, message: str) -> None:
    with pytest.raises(CustomerError, match=message):
        read(job.channel("train", content, content_type=content_type))


@pytest.mark.parametrize(("prefix", "folders"), [("data/homes/train", 3), ("a/b/2026-11-01/part", 4)])
def test_files_that_awss_container_does_not_reach_are_an_error(job: Job, prefix: str, folders: int) -> None:
    with pytest.raises(CustomerError, match=rf"is {folders} folders below its channel, .* at most 2"):
        read(job.channel("train", "1,2\n", prefix=prefix))


def test_a_hidden_file_is_an_error(job: Job) -> None:
    path = job.folder / "input" / "data" / "train" / "data" / ".part.crc"
    job.channel("train", "1,2\n")
    path.write_text("crc")
    (source,) = job.channels["train"].sources
    hidden = type(source)("s3://bucket/data/.part.crc", path)
    job.channels["train"] = type(job.channels["train"])("text/csv", (source, hidden))
    with pytest.raises(CustomerError, match=r"Hidden file found in the data path.*\.part\.crc"):
        read(job)


def test_a_folder_with_letters_that_have_a_meaning_to_the_library_is_read(job: Job, tmp_path: Path) -> None:
    matrix = read(job.channel("train", "1,2\n2,3\n", prefix="day=1;2/a#b?c"))
    assert matrix.get_label().tolist() == [1, 2]

"""Formats and input modes: what the algorithm cannot read is rejected at its place, with what it can."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.domain.layout import Layout
from tests.support.checkout import MINIMAL, load, problems

OWN = 'training = { image = "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1"'
SKLEARN = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
XGBOOST = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.7-1"


def data(field: str) -> str:
    return MINIMAL.replace("13 }", f"13, {field} }}")


@pytest.mark.parametrize("name", ["parquet", "jsonlines"])
def test_what_linear_learner_does_not_read_is_rejected_at_its_format(tmp_path: Path, name: str) -> None:
    assert problems(tmp_path, data(f'format = "{name}"')) == [
        f'2:73: not-readable data.format "{name}" is not read by Linear Learner, which reads "csv" or "csv.gz" or '
        '"recordio"; convert the data and write format = "csv" or "csv.gz" or "recordio", or set training.image to an '
        "image that reads it"
    ]


def test_a_content_type_is_judged_as_its_format(tmp_path: Path) -> None:
    found = load(tmp_path, data('content_type = "text/csv; label_size=1"')).data
    assert (found.data_format.content_type, found.key_layout.suffix) == ("text/csv; label_size=1", ".csv")
    (problem,) = problems(tmp_path, data('content_type = "application/x-npy"'))
    assert problem.startswith('2:79: not-readable data.content_type "application/x-npy" is not read by Linear Learner')


def test_gzip_needs_pipe_mode_where_the_algorithm_does_not_decompress(tmp_path: Path) -> None:
    text = data('format = "csv.gz"')
    (found,) = problems(tmp_path, text)
    assert found == (
        '2:73: not-readable data.format "csv.gz" is decompressed only in Pipe mode, by SageMaker, and not by Linear '
        'Learner itself; training.input_mode is File; write training = { input_mode = "Pipe" }, or decompress the data'
    )
    piped = load(tmp_path, f'{text}training = {{ input_mode = "Pipe" }}\n')
    assert piped.data.data_format.compression_type(piped.training.input_mode) == "Gzip"


def test_a_mode_that_the_algorithm_does_not_support_is_rejected_at_the_mode(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, f'{MINIMAL}training = {{ input_mode = "FastFile" }}\n')
    assert found == (
        "3:27: not-readable training.input_mode FastFile is not supported by Linear Learner, which reads data.format "
        '"csv" in the mode File or Pipe; write input_mode = "File"'
    )


def test_xgboost_reads_what_its_container_reads(tmp_path: Path) -> None:
    training = f'training = {{ image = "{XGBOOST}"'
    for field in ('format = "parquet"', 'content_type = "text/libsvm"', 'format = "recordio"'):
        load(tmp_path, f"{data(field)}{training} }}\n")
    (found,) = problems(tmp_path, f"{data('format = ' + chr(34) + 'jsonlines' + chr(34))}{training} }}\n")
    assert 'is not read by XGBoost, which reads "csv" or "csv.gz" or "parquet" or "recordio"' in found
    (found,) = problems(
        tmp_path, f'{data("content_type = " + chr(34) + "text/libsvm" + chr(34))}{training}, input_mode = "Pipe" }}\n'
    )
    assert 'in the mode File; write input_mode = "File"' in found


@pytest.mark.parametrize("mode", ["File", "FastFile", "Pipe"])
@pytest.mark.parametrize(
    ("field", "suffix"),
    [
        ('format = "csv"', ".csv"),
        ('format = "csv.gz"', ".csv.gz"),
        ('format = "parquet"', ".parquet"),
        ('format = "jsonlines"', ".jsonl"),
        ('format = "recordio"', ".recordio"),
        ('content_type = "application/x-npy"', ""),
    ],
)
def test_an_own_image_reads_anything_in_any_mode(tmp_path: Path, field: str, suffix: str, mode: str) -> None:
    found = load(tmp_path, f'{data(field)}{OWN}, input_mode = "{mode}" }}\n')
    assert found.data.key_layout == Layout("data/home-prices/train/", suffix=suffix)
    compressed = mode == "Pipe" and suffix == ".csv.gz"
    assert found.data.data_format.compression_type(mode) == ("Gzip" if compressed else None)


def test_own_code_in_awss_image_is_not_awss_algorithm(tmp_path: Path) -> None:
    training = f'training = {{ image = "{XGBOOST}", source = "mine" }}\n'
    load(tmp_path, f"{data('format = ' + chr(34) + 'jsonlines' + chr(34))}{training}")


def test_a_format_and_a_content_type_are_one_too_many(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, data('format = "csv", content_type = "text/csv"'))
    assert found == (
        '2:73: unused-field data.format has no effect with data.content_type, which is "text/csv"; '
        "remove one of the two"
    )


def test_the_gate_compares_models_on_rows_of_csv_only(tmp_path: Path) -> None:
    text = (
        f'{data("format = " + chr(34) + "parquet" + chr(34))}{OWN}, metrics = {{ "validation:mse" = "mse=(.+)" }} }}\n'
    )
    window = "window = { days = 7, holdout_days = 1 }\n"
    (found,) = problems(tmp_path, f'{text}{window}gate = {{ metric = "validation:mse", max_regression = 0.1 }}\n')
    assert found == (
        "5:54: not-readable gate.max_regression needs held-out rows in CSV, which the gate sends to the live model, "
        'and data has the format "parquet"; remove max_regression, and write max or min for the metric of the job'
    )
    load(tmp_path, f'{text}{window}gate = {{ metric = "validation:mse", max = 60 }}\n')

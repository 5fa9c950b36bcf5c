"""Reads rows of CSV: bad data is rejected with its object, row and reason."""

from __future__ import annotations

import tempfile
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refit.embedded_cloud.instance.algorithm import (
    CustomerError,
)
from refit.embedded_cloud.linear_learner import arrow_csv, recordio, rows
from tests.support.embedded_cloud.linear_learner_job import CLASSIFIER, MULTICLASS, REGRESSOR, Job, as_csv, homes


def test_where_the_rows_are_split_into_objects_changes_nothing(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    features, prices = homes()
    job.channel("train", as_csv(prices, features)).train(REGRESSOR)
    whole = job.model
    monkeypatch.setattr(rows, "BATCH_BYTES", 1000)
    job.channel("train", *(as_csv(prices[i::3], features[i::3]) for i in range(3))).train(REGRESSOR)
    assert job.model.margin(features) == pytest.approx(whole.margin(features), abs=1e-6)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("price,rooms\n1,2\n", ": row 1 is a header: 'price, rooms'"),
        ("1,2\n3,x\n", ": row 2, column 2 is text: 'x'"),
        ("1,2\n\n3,4,5\n", ": row 3 has 3 columns, expected 2: the label, then 1 feature"),
        ("1,2\n3\n", ": row 2 has 1 column, expected 2"),
        ("1,2\n3,nan\n", ": row 2, column 2 is not a finite number: 'nan'"),
        ("1,2\n-inf,2\n", ": row 2, column 1 is not a finite number: '-inf'"),
        ("1,1e999\n", ": row 1, column 2 is too large for a 64-bit number: '1e999'"),
        ("1,2\n3,\n", ": row 2, column 2 is empty"),
        ("1,2\n3,1_000\n", ": row 2, column 2 has a decimal comma or a thousands separator"),
        ('"1","2"\n', ": row 1, column 1 is in quotes"),
        (b"1,2\n3,\xff\n", ": row 2 is not text in UTF-8"),
        (b"\xef\xbb\xbf1,2\n", ": it starts with a byte order mark"),
        (b"PAR1\x00\x01\n", ": it is a Parquet file"),
        ("", "is empty: it has no rows"),
        ("\n \n", "is empty: it has no rows"),
    ],
)
def test_bad_data_is_refused_with_object_row_and_reason(job: Job, content: str | bytes, expected: str) -> None:
    job.channel("train", "1,2\n", content)
    with pytest.raises(CustomerError) as refusal:
        job.train(REGRESSOR)
    assert str(refusal.value).startswith("s3://bucket/train-2.csv")
    assert expected in str(refusal.value)


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.text(alphabet='0123456789eE+-.,_ \n\r\t"\x0b\u2028\uff11naif', max_size=60).map(str.encode),
    ),
    st.sampled_from(["text/csv", recordio.MEDIA_TYPE]),
)
def test_any_bytes_train_a_model_or_are_refused(data: bytes, content_type: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        job = Job(Path(folder)).channel("train", data, content_type=content_type)
        try:
            metrics = job.train(REGRESSOR)
        except CustomerError as error:
            assert str(error)  # noqa: PT017 - either outcome is right
        else:
            assert np.isfinite(list(metrics.values())).all()
            assert np.isfinite(job.model.weights).all()


def test_a_label_alone_is_not_a_row(job: Job) -> None:
    job.channel("train", "1\n2\n")
    with pytest.raises(CustomerError, match="row 1 has 1 column; a row is the label, then at least one feature"):
        job.train(REGRESSOR)


def test_the_row_is_right_far_into_a_large_object(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BATCH_BYTES", 100)
    job.channel("train", "1,2\n" * 500 + "\n" + "1,2\n" * 500 + "1,oops\n")
    with pytest.raises(CustomerError, match=r"row 1002, column 2 is text"):
        job.train(REGRESSOR)


def test_a_large_object_is_read_with_arrow_and_a_mistake_in_it_is_named(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ARROW_BYTES", 50)
    monkeypatch.setattr(rows, "BATCH_BYTES", 100)
    read = Mock(wraps=arrow_csv.parse)
    monkeypatch.setattr(arrow_csv, "parse", read)
    job.channel("train", "1,2\n" * 500)
    job.train(REGRESSOR)
    assert read.call_count > 10
    job.channel("train", "1,2\n" * 500 + "\n" + "1,2\n" * 500 + "1,oops\n" + "1,2\n" * 500)
    with pytest.raises(CustomerError, match=r"row 1002, column 2 is text"):
        job.train(REGRESSOR)


def test_a_line_is_not_read_without_end(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BATCH_BYTES", 100)
    monkeypatch.setattr(rows, "MAX_LINE_BYTES", 1000)
    job.channel("train", "1,2\n" * 50 + "1" + " " * 2000 + ",2\n")
    with pytest.raises(CustomerError, match=r"row 51 is longer than 1,000 bytes"):
        job.train(REGRESSOR)


def test_windows_line_ends_spaces_and_a_missing_last_newline_are_fine(job: Job) -> None:
    metrics = job.channel("train", "1, 2\r\n 2,4 \r\n3,6").train(REGRESSOR)
    assert metrics["train:mse"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("channel", ["train", "validation"])
def test_a_label_other_than_0_and_1_is_not_a_class(job: Job, channel: str) -> None:
    job.channel("train", "0,1\n1,2\n").channel(channel, "0,1\n1,2\n2,3\n")
    with pytest.raises(CustomerError, match=rf"{channel}-1.csv, row 3: label 2; .* are 0 and 1"):
        job.train(CLASSIFIER)


@pytest.mark.parametrize("label", ["3", "-1", "1.5"])
def test_a_label_outside_the_classes_is_refused_with_its_row(job: Job, label: str) -> None:
    job.channel("train", f"0,1\n1,2\n{label},3\n")
    with pytest.raises(CustomerError, match=rf"train-1.csv, row 3: label {label}; .* whole numbers from 0 to 2"):
        job.train(MULTICLASS)


def test_feature_dim_is_checked_against_the_data(job: Job) -> None:
    job.channel("train", "1,2,3\n")
    with pytest.raises(CustomerError, match="row 1 has 3 columns, expected 4: the label, then 3 features"):
        job.train(REGRESSOR | {"feature_dim": "3"})

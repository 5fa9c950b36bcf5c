"""Training on RecordIO-protobuf gives the model of the same rows in CSV."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest

from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.linear_learner import recordio, records
from refit.embedded_cloud.linear_learner.recordio import MAGIC, Record
from refit.embedded_cloud.linear_learner.tensors import Tensor
from tests.support.embedded_cloud.linear_learner_job import CLASSIFIER, REGRESSOR, Job, as_csv, homes


def dense(label: float, row: np.ndarray) -> bytes:
    return recordio.write(Record({"values": Tensor(row)}, {"values": Tensor(np.array([label]))}))


def sparse(label: float, row: np.ndarray) -> bytes:
    keys = tuple(np.flatnonzero(row).tolist())
    return recordio.write(
        Record({"values": Tensor(row[list(keys)], keys, (len(row),))}, {"values": Tensor(np.array([label]))})
    )


@pytest.mark.parametrize("write", [dense, sparse])
@pytest.mark.parametrize("content_type", [recordio.MEDIA_TYPE, None])
def test_a_channel_of_records_trains_as_one_of_csv(
    job: Job, write: object, content_type: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    features, prices = homes()
    features[3] = 0  # a sparse row without keys
    features, prices = features.astype(np.float32).astype(np.float64), prices.astype(np.float32).astype(np.float64)
    expected = job.channel("train", as_csv(prices, features)).train(REGRESSOR)
    weights = job.model.weights

    monkeypatch.setattr(records, "BATCH_NUMBERS", 1000)
    rows = [write(price, row) for price, row in zip(prices, features, strict=True)]  # type: ignore[operator]
    job.channel("train", b"".join(rows[:200]), b"".join(rows[200:]), content_type=content_type)
    assert job.train(REGRESSOR) == pytest.approx(expected)
    assert job.model.weights == pytest.approx(weights)


RECORD = dense(1, np.array([2.0, 3.0]))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"1,2\n", "row 1: is not application/x-recordio-protobuf"),
        (RECORD + RECORD[:9], "row 2: is cut short"),
        (RECORD + RECORD[:-1], "row 2: is cut short"),
        (gzip.compress(RECORD, mtime=0), "row 1: is not application/x-recordio-protobuf"),
        (MAGIC + struct.pack("<I", 1 << 23) + bytes(1 << 23), "row 1: is longer than 4,194,304 bytes"),
        (
            b"".join(MAGIC + struct.pack("<I", kind << 29 | 1 << 21) + bytes(1 << 21) for kind in (1, 2, 2, 3)),
            "row 1: is longer than 4,194,304 bytes",
        ),
    ],
)
@pytest.mark.parametrize("channel", ["train", "validation"])
def test_damaged_data_fails_the_job_with_the_message_of_the_algorithm(
    job: Job, channel: str, data: bytes, expected: str
) -> None:
    job.channel("train", RECORD, content_type=None).channel(channel, data, content_type=None)
    with pytest.raises(CustomerError) as refusal:
        job.train(REGRESSOR)
    assert str(refusal.value).startswith(
        f"Unable to read data channel '{channel}'. Requested content-type is 'application/x-recordio-protobuf'. "
        f"Please verify the data matches the requested content-type. (s3://bucket/{channel}-1.csv, {expected}"
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "is empty: it has no rows"),
        (RECORD + dense(1, np.array([2.0])), "row 2: has 1 features, the model expects 2"),
        (RECORD + dense(1, np.array([2.0, np.nan])), "row 2: has a value that is not finite"),
        (recordio.write(Record({"values": Tensor(np.ones(2))})), "row 1: has no label"),
        (recordio.write(Record({"x": Tensor(np.ones(2))})), "row 1: has no features"),
        (
            recordio.write(Record({"values": Tensor(np.ones(2))}, {"values": Tensor(np.ones(2))})),
            "row 1: has 2 labels and 2 features",
        ),
        (
            recordio.write(Record({"values": Tensor(np.ones(1), (5,), (3,))}, {"values": Tensor(np.ones(1))})),
            "row 1: has a key outside its shape",
        ),
        (
            recordio.write(Record({"values": Tensor(np.ones(1), (5,), (2**40,))}, {"values": Tensor(np.ones(1))})),
            "row 1: has 1099511627776 features; the embedded cloud reads at most 4000",
        ),
        (dense(2, np.array([2.0, 3.0])), "row 1: label 2; the labels of a binary_classifier are 0 and 1"),
    ],
)
def test_a_bad_record_fails_the_job_with_its_object_and_number(job: Job, data: bytes, expected: str) -> None:
    job.channel("train", data, content_type=recordio.MEDIA_TYPE)
    with pytest.raises(CustomerError) as refusal:
        job.train(CLASSIFIER)
    assert str(refusal.value).startswith("s3://bucket/train-1.csv")
    assert expected in str(refusal.value)

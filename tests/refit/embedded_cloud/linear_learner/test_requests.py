"""Requests to a served model, in every media type, and its responses."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

from refit.embedded_cloud.instance.algorithm import (
    ModelError,
    Payload,
)
from refit.embedded_cloud.linear_learner import recordio
from refit.embedded_cloud.linear_learner.model import LinearModel
from refit.embedded_cloud.linear_learner.recordio import Record
from refit.embedded_cloud.linear_learner.tensors import Tensor
from tests.support.embedded_cloud.linear_learner_job import CLASSIFIER, MULTICLASS, REGRESSOR, Job, as_csv


@pytest.fixture
def doubling(job: Job) -> LinearModel:
    """A regressor that doubles its one feature."""
    job.channel("train", "2,1\n4,2\n6,3\n").train(REGRESSOR)
    return job.model


def recordio_of(*rows: list[float]) -> bytes:
    return b"".join(recordio.write(Record({"values": Tensor(np.array(row))})) for row in rows)


def invoke(model: LinearModel, body: str | bytes, content_type: str = "text/csv", accept: str = "") -> str:
    data = body.encode() if isinstance(body, str) else body
    return model.predict(Payload(data, content_type, accept)).body.decode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("4\n5", "text/csv"),
        (" 4 \r\n5", "text/csv"),
        ('{"instances": [{"features": [4]}, {"features": [5.0]}]}', "application/json"),
        ('{"instances": [{"data": {"features": {"values": [4]}}}, {"features": [5]}]}', "application/json"),
        ('{"instances": [{"features": {"values": [4]}}, {"features": [5]}]}', "application/json"),
        ('{"features": [4]}\n{"data": {"features": {"values": [5], "shape": [1]}}}', "application/jsonlines"),
        (recordio_of([4.0], [5.0]), "application/x-recordio-protobuf"),
        ('{"features": [4]}\n{"features": [5]}\n', "application/jsonlines"),
    ],
)
def test_a_regressor_answers_every_form_of_request(doubling: LinearModel, body: str | bytes, content_type: str) -> None:
    scores = [prediction["score"] for prediction in json.loads(invoke(doubling, body, content_type))["predictions"]]
    assert scores == pytest.approx([8, 10])


SPARSE = [
    ('{"instances": [{"data": {"features": %s}}]}', "application/json"),
    ('{"instances": [{"features": %s}]}', "application/json"),
    ('{"data": {"features": %s}}\n', "application/jsonlines"),
]


@pytest.fixture
def weighted(job: Job) -> LinearModel:
    """A regressor of 1 * a + 10 * b + 100 * c."""
    job.channel("train", "1,1,0,0\n10,0,1,0\n100,0,0,1\n0,0,0,0\n111,1,1,1\n").train(REGRESSOR)
    return job.model


@pytest.mark.parametrize(("form", "content_type"), SPARSE)
def test_a_sparse_row_has_its_values_at_its_keys(weighted: LinearModel, form: str, content_type: str) -> None:
    row = form % '{"keys": [2, 0], "shape": [3], "values": [7, 5]}'
    assert json.loads(invoke(weighted, row, content_type))["predictions"][0]["score"] == pytest.approx(705)
    nothing = form % '{"keys": [], "shape": [3], "values": []}'
    assert json.loads(invoke(weighted, nothing, content_type))["predictions"][0]["score"] == pytest.approx(0, abs=1e-5)


def test_a_sparse_record_has_its_values_at_its_keys(weighted: LinearModel) -> None:
    body = recordio.write(Record({"values": Tensor(np.array([7.0, 5.0]), (2, 0), (3,))}))
    answer = json.loads(invoke(weighted, body, "application/x-recordio-protobuf"))
    assert answer["predictions"][0]["score"] == pytest.approx(705)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ('{"keys": [0, 1], "shape": [3], "values": [7]}', "row 1 has 2 keys for 1 values"),
        ('{"keys": [0, 0], "shape": [3], "values": [7, 7]}', "row 1 has a key twice"),
        ('{"keys": [3], "shape": [3], "values": [7]}', "row 1 has a key outside its shape"),
        (
            '{"keys": [-1], "shape": [3], "values": [7]}',
            "row 1 has keys or a shape that are not lists",
        ),
        ('{"keys": [0.5], "shape": [3], "values": [7]}', "row 1 has keys or a shape that are not lists"),
        ('{"keys": [true], "shape": [3], "values": [7]}', "row 1 has keys or a shape that are not lists"),
        ('{"keys": 0, "shape": [3], "values": [7]}', "row 1 has keys or a shape that are not lists"),
        ('{"keys": [0], "values": [7]}', "row 1 is sparse and has no shape"),
        ('{"keys": [0], "shape": [4], "values": [7]}', "row 1 has 4 features, the model expects 3"),
        ('{"keys": [0], "shape": [3]}', "row 1 has no values"),
        ('{"shape": [3], "values": [7]}', "row 1 has 1 values for the shape [3]"),
        (
            '{"shape": [9999999999999], "keys": [], "values": []}',
            "row 1 has 9999999999999 features, the model expects 3",
        ),
    ],
)
def test_a_sparse_row_that_does_not_fit_is_refused(weighted: LinearModel, row: str, expected: str) -> None:
    with pytest.raises(ModelError) as refusal:
        invoke(weighted, SPARSE[0][0] % row, "application/json")
    assert refusal.value.status == 400
    assert expected in str(refusal.value)


def test_a_classifier_answers_a_probability_and_a_label(job: Job) -> None:
    job.channel("train", "0,1\n0,2\n1,2\n1,3\n").train(CLASSIFIER)
    low, high = json.loads(invoke(job.model, "1\n3"))["predictions"]
    assert low["score"] < 0.5 < high["score"]
    assert (low["predicted_label"], high["predicted_label"]) == (0, 1)


def test_a_multiclass_classifier_answers_every_class_and_the_likeliest(job: Job) -> None:
    x = np.arange(30.0)
    job.channel("train", as_csv(np.floor(x / 10), x)).train(MULTICLASS)
    predictions = json.loads(invoke(job.model, "2\n15\n28"))["predictions"]
    assert [prediction["predicted_label"] for prediction in predictions] == [0, 1, 2]
    assert [sum(prediction["score"]) for prediction in predictions] == pytest.approx([1, 1, 1])
    first, second, third, label = map(float, invoke(job.model, "15", accept="text/csv").split(","))
    assert (first + second + third, label) == (pytest.approx(1), 1)


def test_the_answer_is_what_the_client_accepts(doubling: LinearModel) -> None:
    assert float(invoke(doubling, "4", accept="text/csv")) == pytest.approx(8)
    assert json.loads(invoke(doubling, "4", accept="application/jsonlines"))["score"] == pytest.approx(8)
    assert "predictions" in json.loads(invoke(doubling, "4", accept="text/plain, */*"))
    with pytest.raises(ModelError, match="Accept text/html") as refusal:
        invoke(doubling, "4", accept="text/html")
    assert refusal.value.status == 406


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/json"),
        ("text/csv, application/json", "text/csv"),
        ("text/csv;q=0.5, application/jsonlines", "application/jsonlines"),
        ("application/json;q=0, text/*", "text/csv"),
        ("text/html, */*;q=0.1", "application/json"),
        ("application/x-recordio-protobuf", "application/x-recordio-protobuf"),
    ],
)
def test_the_media_type_that_the_client_prefers_is_chosen(doubling: LinearModel, accept: str, media_type: str) -> None:
    assert doubling.predict(Payload(b"4", "text/csv", accept)).content_type == media_type


def test_records_answer_with_the_score_and_the_label(job: Job, doubling: LinearModel) -> None:
    accept = "application/x-recordio-protobuf"
    first, second = recordio.read(io.BytesIO(doubling.predict(Payload(b"4\n5", "text/csv", accept)).body))
    assert (first.label["score"].values.tolist(), first.features) == (pytest.approx([8]), {})
    assert second.label["score"].values.tolist() == pytest.approx([10])

    x = np.arange(30.0)
    job.channel("train", as_csv(np.floor(x / 10), x)).train(MULTICLASS)
    (record,) = recordio.read(io.BytesIO(job.model.predict(Payload(b"28", "text/csv", accept)).body))
    assert record.label["score"].values.sum() == pytest.approx(1)
    assert len(record.label["score"].values) == 3
    assert record.label["predicted_label"].values.tolist() == [2]


def test_a_score_that_is_not_finite_is_refused(weighted: LinearModel) -> None:
    with pytest.raises(ModelError, match="the score of row 2 is not finite"):
        invoke(weighted, "1,1,1\n1e308,1e308,1e308")


@pytest.mark.parametrize(
    ("body", "content_type", "status", "expected"),
    [
        ("4\n5\n", "text/csv", 400, "row 3 has 0 features, the model expects 1"),
        ("4\n\n5", "text/csv", 400, "row 2 has 0 features, the model expects 1"),
        ("1_0", "text/csv", 400, "row 1 has a value that is not a number"),
        ("１５", "text/csv", 400, "row 1 has a value that is not a number"),
        ("1,2", "text/csv", 400, "row 1 has 2 features, the model expects 1"),
        ("1\nx", "text/csv", 400, "row 2 has a value that is not a number"),
        ("nan", "text/csv", 400, "row 1 has a value that is not finite"),
        ("", "text/csv", 400, "the body has no rows"),
        ("{", "application/json", 400, "the body is not valid application/json"),
        ('{"instances": [{"features": 4}]}', "application/json", 400, "row 1 has features that are not a list"),
        ('{"instances": [{"features": ["4"]}]}', "application/json", 400, "row 1 has a value that is not a number"),
        ("4\n1e", "text/csv", 400, "row 2 has a value that is not a number"),
        ("4\n1e999", "text/csv", 400, "row 2 has a value that is not finite"),
        ("4\n ", "text/csv", 400, "row 2 has 0 features, the model expects 1"),
        ('{"instances": [{"features": ["x"]}]}', "application/json", 400, "row 1 has a value that is not a number"),
        ('{"instances": [{"features": [true]}]}', "application/json", 400, "row 1 has a value that is not a number"),
        ('{"instances": [{"features": [1e999]}]}', "application/json", 400, "row 1 has a value that is not finite"),
        (
            '{"instances": [{"features": [' + "9" * 400 + "]}]}",
            "application/json",
            400,
            "row 1 has a value that is not",
        ),
        ('{"instances": {}}', "application/json", 400, "the body has no rows"),
        ('{"instances": 4}', "application/json", 400, "the body is not valid application/json"),
        ("[" * 100_000, "application/json", 400, "the body is not valid application/json"),
        (b"\xff\xfe", "application/json", 400, "the body is not valid application/json"),
        (b"\xff\xfe", "text/csv", 400, "the body is not valid text/csv"),
        ("4", "application/x-recordio-protobuf", 400, "a record starts with the bytes 0a23d7ce"),
        (recordio_of([1e308]), "application/x-recordio-protobuf", 400, "row 1 has a value that is not finite"),
        ('{"instances": [[4]]}', "application/json", 400, "the body is not valid application/json"),
        ("4", "application/octet-stream", 415, "Content-type application/octet-stream is not supported"),
        ("4", "", 415, "Content-type none is not supported"),
    ],
)
def test_a_bad_request_is_refused_with_its_row_and_reason(
    doubling: LinearModel, body: str | bytes, content_type: str, status: int, expected: str
) -> None:
    with pytest.raises(ModelError) as refusal:
        invoke(doubling, body, content_type)
    assert refusal.value.status == status
    assert expected in str(refusal.value)

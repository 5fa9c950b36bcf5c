"""Requests to a served model, in every media type, and its responses."""

from __future__ import annotations

import json

import numpy as np
import pytest

from refit.embedded_cloud.instance.algorithm import (
    ModelError,
    Payload,
)
from refit.embedded_cloud.linear_learner.model import LinearModel
from tests.support.embedded_cloud.linear_learner_job import CLASSIFIER, MULTICLASS, REGRESSOR, Job, as_csv


@pytest.fixture
def doubling(job: Job) -> LinearModel:
    """A regressor that doubles its one feature."""
    job.channel("train", "2,1\n4,2\n6,3\n").train(REGRESSOR)
    return job.model


def invoke(model: LinearModel, body: str, content_type: str = "text/csv", accept: str = "") -> str:
    return model.predict(Payload(body.encode(), content_type, accept)).body.decode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("4\n5", "text/csv"),
        (" 4 \r\n5", "text/csv"),
        ('{"instances": [{"features": [4]}, {"features": [5.0]}]}', "application/json"),
        ('{"instances": [{"data": {"features": {"values": [4]}}}, {"features": [5]}]}', "application/json"),
        ('{"features": [4]}\n{"features": [5]}\n', "application/jsonlines"),
    ],
)
def test_a_regressor_answers_every_form_of_request(doubling: LinearModel, body: str, content_type: str) -> None:
    scores = [prediction["score"] for prediction in json.loads(invoke(doubling, body, content_type))["predictions"]]
    assert scores == pytest.approx([8, 10])


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
        ('{"instances": [[4]]}', "application/json", 400, "the body is not valid application/json"),
        ("4", "application/octet-stream", 415, "Content-type application/octet-stream is not supported"),
        ("4", "", 415, "Content-type none is not supported"),
    ],
)
def test_a_bad_request_is_refused_with_its_row_and_reason(
    doubling: LinearModel, body: str, content_type: str, status: int, expected: str
) -> None:
    with pytest.raises(ModelError) as refusal:
        invoke(doubling, body, content_type)
    assert refusal.value.status == status
    assert expected in str(refusal.value)

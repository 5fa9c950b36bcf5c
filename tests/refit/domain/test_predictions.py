"""What endpoints answer, read."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.domain.metrics import NotComparable, Prediction
from refit.domain.predictions import read


@pytest.mark.parametrize(
    ("said", "predictions"),
    [
        # Linear Learner: regression, binary and multiclass classification
        ('{"predictions": [{"score": 0.4}, {"score": 1}]}', [(0.4, None), (1.0, None)]),
        ('{"predictions": [{"score": 0.4, "predicted_label": 0}]}', [(0.4, 0.0)]),
        ('{"predictions": [{"score": [0.1, 0.2, 0.7], "predicted_label": 2}]}', [(None, 2.0)]),
        # own images
        ("[1, 2.5]", [(1.0, None), (2.5, None)]),
        ('{"predictions": [1, 2.5]}', [(1.0, None), (2.5, None)]),
        ("1.5\n2.5\n", [(1.5, None), (2.5, None)]),
        ("1.5,2.5", [(1.5, None), (2.5, None)]),
        ("1.5\r\n-2e3\r\n", [(1.5, None), (-2000.0, None)]),
        ("7", [(7.0, None)]),
        ("", []),
        ("[]", []),
    ],
)
def test_an_answer_is_one_prediction_a_row(said: str, predictions: list[Prediction]) -> None:
    assert read(said.encode()) == predictions


@pytest.mark.parametrize(
    "said",
    [
        b"<html>no</html>",
        b"price\n1.5",
        b"\xff\xfe",
        b"[true]",
        b"[null]",
        b"[[0.1, 0.9]]",
        b'["1.5"]',
        b"{}",
        b'{"predictions": null}',
        b'{"predictions": [{"price": 1}]}',
        b'{"predictions": [{"score": "high"}]}',
        b"[" * 100_000,
        b"[1" + b"0" * 400 + b"]",
    ],
)
def test_anything_else_cannot_be_compared(said: bytes) -> None:
    with pytest.raises(NotComparable, match="the live model's answer"):
        read(said)


@given(st.lists(st.floats(allow_nan=False)))
def test_numbers_come_back_as_they_were_sent(numbers: list[float]) -> None:
    for said in (json.dumps(numbers), json.dumps({"predictions": numbers}), "".join(f"{n}\n" for n in numbers)):
        assert read(said.encode()) == [Prediction(number, None) for number in numbers]


@given(st.binary())
def test_no_answer_is_another_error(said: bytes) -> None:
    with suppress(NotComparable):
        assert all(isinstance(prediction, Prediction) for prediction in read(said))

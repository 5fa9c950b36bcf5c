"""Splitting rows into requests, and parsing the responses of endpoints."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.domain.predictions import Prediction, batches, read


@pytest.mark.parametrize(
    ("said", "predictions"),
    [
        # Linear Learner: regression, binary and multiclass classification
        ('{"predictions": [{"score": 0.4}, {"score": 1}]}', [(0.4, None), (1.0, None)]),
        ('{"predictions": [{"score": 0.4, "predicted_label": 0}]}', [(0.4, 0.0)]),
        ('{"predictions": [{"score": [0.1, 0.2, 0.7], "predicted_label": 2}]}', [(0.7, 2.0, (0.1, 0.2, 0.7))]),
        # custom images
        ("[1, 2.5]", [(1.0, None), (2.5, None)]),
        ('{"predictions": [1, 2.5]}', [(1.0, None), (2.5, None)]),
        ("[[0.4, 0.6]]", [(0.6, None, (0.4, 0.6))]),
        ("[[1.5], [2.5]]", [(1.5, None), (2.5, None)]),  # one column for each row, as of Keras: case gate-column-answer
        ('{"predictions": [[1.5], [2.5]]}', [(1.5, None), (2.5, None)]),
        ('["setosa", "2"]', [(None, "setosa"), (None, 2.0)]),
        # case answer-label-is-text
        ('{"predictions": [{"score": 0.9, "predicted_label": "yes"}]}', [(0.9, "yes")]),
        # JSON lines
        ('{"score": 0.4}\n{"score": [1]}\r\n\n', [(0.4, None), (1.0, None)]),
        ('{"score": 0.4, "predicted_label": 0}\n', [(0.4, 0.0)]),
        ("[0.4, 0.6]\n[0.7, 0.3]", [(0.6, None, (0.4, 0.6)), (0.7, None, (0.7, 0.3))]),
        ("1.5\n2.5\n", [(1.5, None), (2.5, None)]),
        ("1.5,2.5", [(1.5, None), (2.5, None)]),
        ("1.5\r\n-2e3\r\n", [(1.5, None), (-2000.0, None)]),
        ("7", [(7.0, None)]),
        ("", []),
        ("[]", []),
    ],
)
def test_an_answer_is_one_prediction_a_row(said: str, predictions: list[tuple[Any, ...]]) -> None:
    assert read(said.encode()) == [Prediction(*fields) for fields in predictions]


@pytest.mark.parametrize(
    "said",
    [
        b"<html>no</html>",
        b"price\n1.5",
        b"\xef\xbc\x91.5",
        b"1_0",
        b"\xff\xfe",
        b"[true]",
        b"[null]",
        b"[[0.1, null]]",
        b"[[]]",
        b'[{"label": 1}]',
        b"{}",
        b'{"predictions": null}',
        b'{"predictions": [{"price": 1}]}',
        b'{"predictions": [{"score": "high"}]}',
        b"[" * 100_000,
        b"[1" + b"0" * 400 + b"]",
    ],
)
def test_anything_else_is_an_error_that_says_what_it_is(said: bytes) -> None:
    with pytest.raises(ValueError, match=r"^(is|contains) "):
        read(said)


@given(st.lists(st.floats(allow_nan=False)))
def test_numbers_come_back_as_they_were_sent(numbers: list[float]) -> None:
    for said in (json.dumps(numbers), json.dumps({"predictions": numbers}), "".join(f"{n}\n" for n in numbers)):
        assert read(said.encode()) == [Prediction(number, None) for number in numbers]


@given(st.binary())
def test_no_answer_is_another_error(said: bytes) -> None:
    with suppress(ValueError):
        assert all(isinstance(prediction, Prediction) for prediction in read(said))


def test_a_prediction_is_shown_by_its_scores_and_then_its_label() -> None:
    shown = [
        Prediction(24.5),
        Prediction(0.75, 1),
        Prediction(0.7, 2, (0.1, 0.2, 0.7)),
        Prediction(None, 3),
        Prediction(0.9, "yes"),
    ]
    assert list(map(str, shown)) == ["24.5", "0.75 1", "0.1 0.2 0.7 2", "3", "0.9 yes"]


@given(st.lists(st.integers(1, 200).map("x".__mul__), max_size=40), st.integers(1, 8), st.integers(1, 100))
def test_batches_are_bounded_and_lose_nothing(rows: list[str], most_rows: int, most_bytes: int) -> None:
    found = list(batches(rows, most_rows, most_bytes))
    assert [row for batch in found for row in batch] == rows
    for number, batch in enumerate(found):
        assert 0 < len(batch) <= most_rows
        assert len(batch) == 1 or sum(len(row) + 1 for row in batch) <= most_bytes
        # No batch has space for one more row.
        if number + 1 < len(found) and len(batch) < most_rows:
            assert sum(len(row) + 1 for row in [*batch, found[number + 1][0]]) > most_bytes

"""Rows asked of an endpoint travel in requests that it takes."""

import pytest

from refit.aws.inference import REQUEST_BYTES, ROWS_A_REQUEST, Prediction, batches, read


def test_every_row_is_asked_once_and_in_order() -> None:
    rows = [str(number) for number in range(2 * ROWS_A_REQUEST + 1)]
    sent = list(batches(rows))
    assert [row for batch in sent for row in batch] == rows
    assert [len(batch) for batch in sent] == [ROWS_A_REQUEST, ROWS_A_REQUEST, 1]


def test_wide_rows_travel_in_smaller_requests() -> None:
    wide = "1," * (REQUEST_BYTES // 5)
    assert [len(batch) for batch in batches([wide] * 5)] == [2, 2, 1]
    assert all(sum(len(row) + 1 for row in batch) <= REQUEST_BYTES for batch in batches([wide] * 5))


def test_a_number_is_a_prediction_and_a_classifier_adds_its_label() -> None:
    body = b'{"predictions": [{"score": 24.5}, {"score": 0.75, "predicted_label": 1}]}'
    assert [str(prediction) for prediction in read(body)] == ["24.5", "0.75 1"]


def test_a_classifier_of_many_classes_prints_every_score_and_then_the_label() -> None:
    body = b'{"predictions": [{"score": [0.1, 0.2, 0.7], "predicted_label": 2}]}'
    assert read(body) == [Prediction(0.7, 2, (0.1, 0.2, 0.7))]
    assert str(read(body)[0]) == "0.1 0.2 0.7 2"


def test_an_own_algorithm_may_answer_with_a_plain_list() -> None:
    assert read(b"[24.5, 19]") == [Prediction(24.5), Prediction(19.0)]
    assert read(b"[[0.4, 0.6]]") == [Prediction(0.6, None, (0.4, 0.6))]
    assert read(b'{"predictions": [1, 2]}') == [Prediction(1.0), Prediction(2.0)]


@pytest.mark.parametrize("body", [b"24.5\n19\n", b'{"result": [1]}', b'["cheap"]', b"[null]", b'[{"label": 1}]'])
def test_anything_else_is_no_prediction(body: bytes) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        read(body)

"""Rows are sent to an endpoint in requests that it accepts, and its responses become predictions."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any, cast

import pytest

from refit.aws.inference import REQUEST_BYTES, ROWS_A_REQUEST, invoke
from refit.aws.session import Aws
from refit.domain.predictions import Prediction
from refit.errors import RefitError


class Endpoint:
    """An endpoint in memory: records the bodies of the requests, and responds with `write` of their rows."""

    def __init__(self, write: Any) -> None:
        self.bodies: list[str] = []
        self._write = write

    def invoke_endpoint(self, *, Body: str, **_: Any) -> dict[str, Any]:
        self.bodies.append(Body)
        return {"Body": io.BytesIO(self._write(Body.split("\n")))}


def answering(body: bytes) -> Aws:
    return client(Endpoint(lambda _: body))


def client(endpoint: Endpoint) -> Aws:
    return cast(Aws, SimpleNamespace(sagemaker_runtime=endpoint))


def test_every_row_is_sent_once_and_in_order() -> None:
    endpoint = Endpoint(lambda rows: str(list(map(int, rows))).encode())
    rows = [str(number) for number in range(2 * ROWS_A_REQUEST + 1)]
    assert invoke(client(endpoint), "prices", rows) == [Prediction(float(row)) for row in rows]
    assert [len(body.split("\n")) for body in endpoint.bodies] == [ROWS_A_REQUEST, ROWS_A_REQUEST, 1]


def test_wide_rows_travel_in_smaller_requests() -> None:
    endpoint = Endpoint(lambda rows: str([1] * len(rows)).encode())
    wide = "1," * (REQUEST_BYTES // 5)
    assert len(invoke(client(endpoint), "prices", [wide] * 5)) == 5
    assert [len(body.split("\n")) for body in endpoint.bodies] == [2, 2, 1]
    assert all(len(body) <= REQUEST_BYTES for body in endpoint.bodies)


@pytest.mark.parametrize("body", [b'{"result": [1]}', b'[["cheap"]]', b"[null]", b'[{"label": 1}]', b"<html>"])
def test_another_response_is_shown_with_what_an_algorithm_returns(body: bytes) -> None:
    with pytest.raises(RefitError, match="prices") as refused:
        invoke(answering(body), "prices", ["1,2"])
    assert body.decode() in str(refused.value)
    assert "JSON list" in str(refused.value.hint)


def test_each_row_needs_its_prediction() -> None:
    with pytest.raises(RefitError, match="2 predictions for 1 row"):
        invoke(answering(b"[1, 2]"), "prices", ["1,2"])

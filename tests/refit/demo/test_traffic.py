"""The traffic of the demo: every request is counted, and no failure is hidden."""

from __future__ import annotations

import io
import threading
from itertools import chain, repeat
from types import SimpleNamespace
from typing import Any, cast

from botocore.exceptions import ClientError

from refit.aws.session import Aws
from refit.demo.traffic import Traffic
from tests.support.waiting import until


class Endpoint:
    """An endpoint in memory, which predicts `scores` one after another and then the last one; None is a failure."""

    def __init__(self, *scores: float | None) -> None:
        self._scores = chain(scores, repeat(scores[-1]))
        self.rows: set[str] = set()

    def invoke_endpoint(self, *, Body: str, **_: Any) -> dict[str, Any]:
        self.rows.add(Body)
        score = next(self._scores)
        if score is None:
            raise ClientError({"Error": {"Code": "ModelError", "Message": "unavailable"}}, "InvokeEndpoint")
        return {"Body": io.BytesIO(f'{{"predictions": [{{"score": {score}}}]}}'.encode())}


def traffic(endpoint: Endpoint) -> Traffic:
    return Traffic(cast(Aws, SimpleNamespace(sagemaker_runtime=endpoint)), "prices", "1,2", pause_seconds=0)


def test_distinct_predictions_are_kept_in_their_order() -> None:
    endpoint = Endpoint(35.5, 35.5, 34.9, 35.5)
    with traffic(endpoint) as sent:
        until(lambda: sent.requests, lambda count: count > 5)
    assert sent.answers == [35.5, 34.9]
    assert (sent.failures, endpoint.rows) == ([], {"1,2"})


def test_failures_are_counted_and_do_not_end_the_traffic() -> None:
    with traffic(Endpoint(None, 35.5, None, 34.9)) as sent:
        until(lambda: sent.requests, lambda count: count > 5)
    assert sent.answers == [35.5, 34.9]
    assert sent.failures == ["could not invoke the endpoint prices: ModelError: unavailable"] * 2


def test_the_traffic_ends_with_its_block() -> None:
    with traffic(Endpoint(35.5)) as sent:
        until(lambda: sent.requests, lambda count: count > 0)
        assert "traffic" in {thread.name for thread in threading.enumerate()}
    assert "traffic" not in {thread.name for thread in threading.enumerate()}

"""An object is read to its end over broken connections, and never as a mixture of two versions."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from lambdas.aws import clients
from lambdas.quality.object_stream import ObjectStream
from refit.domain.data_bucket import DataBucket
from refit.domain.days import DataObject
from refit.domain.errors import DataChanged, WindowTooLarge
from tests.support.lambdas.fakes import Fault, answer
from tests.support.lambdas.stage import Pipeline

KEY = "data/train/2026-11-22.csv"
BODY = bytes(range(256)) * 100


@pytest.fixture
def item(pipeline: Pipeline) -> DataObject:
    pipeline.put("2026-11-22", body=BODY)
    (listed,) = clients.s3().list_objects_v2(Bucket=pipeline.bucket, Prefix=KEY)["Contents"]
    return DataObject(KEY, listed["ETag"].strip('"'), listed["Size"])


def stream(pipeline: Pipeline, item: DataObject, seconds: float = 600) -> ObjectStream:
    return ObjectStream(DataBucket(pipeline.bucket), item, lambda: seconds)


def everything(one: ObjectStream, size: int = 1000) -> bytes:
    return b"".join(iter(lambda: one.read(size), b""))


class Breaking:
    """Cuts the body of the first `times` responses after 10,000 bytes, as a connection that is lost."""

    def __init__(self, times: int) -> None:
        self.left, self.asked = times, []

    def __call__(self, request, **_):
        span = request.headers["Range"].decode().removeprefix("bytes=")
        first, last = map(int, span.split("-"))
        self.asked.append(first)
        if not self.left:
            return None
        self.left -= 1
        cut = BODY[first : first + 10_000]
        return answer(request.url, 206, cut, {"Content-Length": str(last + 1 - first)})


def test_an_object_is_read_in_pieces(pipeline, item) -> None:
    assert everything(stream(pipeline, item)) == BODY
    assert stream(pipeline, item).read() == BODY


def test_a_connection_that_breaks_is_opened_again_where_it_broke(pipeline, item) -> None:
    breaking = Breaking(2)
    clients.s3().meta.events.register_first("before-send.s3.GetObject", breaking)
    assert everything(stream(pipeline, item)) == BODY
    assert breaking.asked == [0, 10_000, 20_000]


def test_one_that_breaks_again_and_again_is_left_to_the_state_machine(pipeline, item) -> None:
    Fault(clients.s3(), "GetObject", ReadTimeoutError(endpoint_url="https://s3"))
    with pytest.raises(ReadTimeoutError):
        stream(pipeline, item).read(10)


def test_an_object_that_was_replaced_is_reported(pipeline, item) -> None:
    pipeline.put("2026-11-22", body=BODY[::-1])
    with pytest.raises(DataChanged, match=f"{KEY} was deleted or replaced during the check: start another run"):
        stream(pipeline, item).read(10)


def test_a_missing_permission_is_not_a_missing_object(pipeline, item) -> None:
    Fault(clients.s3(), "GetObject", "AccessDenied", status=403)
    with pytest.raises(ClientError, match="AccessDenied"):
        stream(pipeline, item).read(10)


def test_no_time_left_ends_the_reading(pipeline, item) -> None:
    with pytest.raises(WindowTooLarge):
        stream(pipeline, item, seconds=29).read(10)

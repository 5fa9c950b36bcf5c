"""Requests that a service cannot read get the service's own error, and bodies without end are not kept."""

from __future__ import annotations

import asyncio
import http.client
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refit.embedded_cloud.lifecycle import Cloud
from refit.embedded_cloud.request_guard import body_size, writes
from tests.support.embedded_cloud.raw_requests import Connection
from tests.support.waiting import WAIT_SECONDS

MIB = 1024**2
JSON = "application/x-amz-json-1.1"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def connection(cloud: Cloud) -> Iterator[Connection]:
    with Connection(cloud) as opened:
        yield opened


def put_parameter(connection: Connection, body: bytes) -> tuple[int, str]:
    headers = {"x-amz-target": "AmazonSSM.PutParameter", "content-type": JSON}
    answer = connection.send("ssm", headers=headers, body=body)
    return answer.status, answer.code("ssm")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"Name": ' + b"9" * 10_000 + b"}",
        b'{"Name": "\xff"}',
        b'{"Name": ["a"]}',
        b'{"Tier": {"a": 1}}',
        b"[]",
        b'{"Name": "\\ud800"}',
    ],
    ids=["deep", "huge-number", "not-utf-8", "list", "object", "no-object", "surrogate"],
)
def test_a_body_that_is_not_what_the_operation_reads_is_a_serialization_error(
    connection: Connection, body: bytes
) -> None:
    assert put_parameter(connection, body) == (400, "SerializationException")


@pytest.mark.parametrize(
    ("service", "request_of", "expected"),
    [
        ("cloudwatch", {"headers": FORM, "body": b"Action=DescribeAlarms&MaxRecords=many"}, (400, "ValidationError")),
        (
            "s3",
            {"method": "PUT", "path": "/refit-terraform-state?tagging", "headers": {}, "body": b"<a"},
            (400, "MalformedXML"),
        ),
        (
            "lambda",
            {"path": "/2015-03-31/functions", "headers": {}, "body": b'{"MemorySize": "much"}'},
            (400, "SerializationException"),
        ),
    ],
    ids=["query", "rest-xml", "rest-json"],
)
def test_every_protocol_has_its_error(
    connection: Connection, service: str, request_of: dict[str, Any], expected: tuple[int, str]
) -> None:
    answer = connection.send(service, **request_of)
    assert (answer.status, answer.code(service)) == expected


def test_what_xml_cannot_contain_is_not_in_an_error(connection: Connection) -> None:
    body = b"Action=GetTopicAttributes&TopicArn=arn%3Aaws%3Asns%3Aus-west-2%3A000000000000%3A%00%0D"
    answer = connection.send("sns", headers=FORM, body=body)
    assert (answer.status, answer.code("sns")) == (404, "NotFound")


def test_an_object_that_is_xml_is_what_was_stored(client: Any) -> None:
    s3, stored = client("s3"), b"<a>\r\n\x00</a>"
    s3.put_object(Bucket="refit-terraform-state", Key="a.xml", Body=stored, ContentType="application/xml")
    assert s3.get_object(Bucket="refit-terraform-state", Key="a.xml")["Body"].read() == stored


def test_a_request_that_is_too_large_is_rejected_and_the_connection_goes_on(connection: Connection) -> None:
    assert put_parameter(connection, b" " * (body_size.DEFAULT + 1)) == (413, "RequestEntityTooLargeException")
    assert put_parameter(connection, b"{}")[0] == 400


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_body_of_a_request_that_is_too_large_is_not_kept(cloud: Cloud) -> None:
    before = peak_memory(cloud)
    connection = http.client.HTTPConnection("127.0.0.1", cloud.port)
    connection.putrequest("POST", "/")
    connection.putheader("x-amz-target", "AmazonSSM.PutParameter")
    connection.putheader("content-length", str(300 * MIB))
    connection.endheaders()
    for _ in range(300):
        connection.send(b" " * MIB)
    assert connection.getresponse().status == 413
    connection.close()
    assert peak_memory(cloud) - before < 100 * MIB


def peak_memory(cloud: Cloud) -> int:
    """The most memory that a cloud has used, in bytes."""
    status = Path(f"/proc/{cloud.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def test_a_query_string_that_is_not_utf_8_is_rejected(cloud: Cloud) -> None:
    request = b"GET /a?b=\xff HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", cloud.port), timeout=WAIT_SECONDS) as connection:
        connection.sendall(request)
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_body_is_read_up_to_its_limit_and_then_only_counted() -> None:
    parts = [b"ab", b"cd", b"ef"]

    def receive_of(parts: list[bytes]) -> Any:
        left = list(parts)

        async def receive() -> dict[str, Any]:
            part = left.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(left)}

        return receive

    assert asyncio.run(body_size.read(receive_of(parts), 6)) == b"abcdef"
    assert asyncio.run(body_size.read(receive_of(parts), 5)) is None


@pytest.mark.parametrize(
    ("service", "method", "path", "target", "body", "expected"),
    [
        ("ssm", "POST", "/", "AmazonSSM.PutParameter", b"{}", True),
        ("ssm", "POST", "/", "AmazonSSM.GetParameter", b"{}", False),
        ("states", "POST", "/", "AWSStepFunctions.StartExecution", b"{}", True),
        ("iam", "POST", "/", "", b"Action=CreateRole&Version=1", True),
        ("iam", "POST", "/", "", b"Action=ListRoles&Version=1", False),
        ("s3", "PUT", "/homes/data/a.csv", "", b"Action=ListRoles", True),
        ("s3", "GET", "/homes/data/a.csv", "", b"", False),
        ("sagemaker", "POST", "/endpoints/home-prices/invocations", "", b"1,2", False),
        ("sagemaker", "POST", "/endpoints/home-prices/async-invocations", "", b"", True),
        ("lambda", "POST", "/2015-03-31/functions/refit-home-prices-check_data/invocations", "", b"{}", False),
        ("lambda", "POST", "/2015-03-31/functions", "", b"{}", True),
        ("s3", "PUT", "/endpoints/key/invocations", "", b"1", True),
    ],
)
def test_what_changes_the_state_is_a_write(
    service: str, method: str, path: str, target: str, body: bytes, expected: bool
) -> None:
    assert writes.is_write(service, method, path, {"x-amz-target": target}, {}, body) is expected


def test_the_limits_are_those_of_aws() -> None:
    assert (body_size.most("s3"), body_size.most("ssm")) == (5 * 1024 * MIB, 16 * MIB)

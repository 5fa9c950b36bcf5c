"""No request that a service cannot read is answered with status 500: its own error says that it is bad.

A fixed number of requests for each service, the same ones each time: with members of the service's model and values of
any type, and with bodies that are no documents at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import botocore.session
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refit.embedded_cloud.lifecycle import Cloud
from tests.support.embedded_cloud.raw_requests import Answer, Connection

EXAMPLES = 40
# They wait for something, start processes of this machine, or stream.
LEFT_OUT = frozenset({"ReceiveMessage", "StartLiveTail", "Invoke", "InvokeAsync", "InvokeWithResponseStream"})
TARGETS = {
    "ssm": "AmazonSSM",
    "logs": "Logs_20140328",
    "events": "AWSEvents",
    "secretsmanager": "secretsmanager",
    "sqs": "AmazonSQS",
    "cloudwatch": "GraniteServiceVersion20100801",
}
QUERY = {"iam": "2010-05-08", "sts": "2011-06-15", "sns": "2010-03-31", "cloudwatch": "2010-08-01"}
REST = ("lambda", "scheduler")
SUBRESOURCES = ("policy", "versioning", "lifecycle", "notification", "tagging", "delete", "acl", "cors", "encryption")

TEXTS = st.sampled_from(
    ["", "x", "/a", "\x00", "\ud800", "arn:aws:x", "arn:aws:sns:us-west-2:000000000000:t", "9" * 5000, "{", "[" * 5000]
)
NUMBERS = st.sampled_from([0, -1, 1, 2**31, 2**63, 10**400, 0.5, 1e308, float("nan")])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
NO_DOCUMENTS = st.sampled_from(
    [
        b"",
        b"[]",
        b"null",
        b'"x"',
        b"{",
        b"\xff\xfe\x00",
        b'{"a": ' * 50_000,
        b"[" * 100_000,
        b'{"Name": ' + b"9" * 10_000 + b"}",
        b"<a>" * 50_000,
        b"<a",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"Action=%ff&a&=&&",
    ]
)


def operations(service: str) -> list[Any]:
    model = botocore.session.Session().get_service_model(service)
    return [model.operation_model(name) for name in model.operation_names if name not in LEFT_OUT]


def document(data: st.DataObject, shape: Any) -> dict[str, Any]:
    """Some members of a request, each with a value of its type or of any other."""
    if shape is None:
        return {}
    names = data.draw(st.lists(st.sampled_from(sorted(shape.members) or ["none"]), max_size=4, unique=True))
    return {name: data.draw(VALUES if name == "none" else fitting(shape.members[name]) | VALUES) for name in names}


def fitting(shape: Any, depth: int = 2) -> st.SearchStrategy[Any]:
    """Values of the type of a member."""
    if shape.type_name == "structure":
        inner = {name: fitting(member, depth - 1) for name, member in shape.members.items()} if depth else {}
        return st.fixed_dictionaries({}, optional=inner)
    if shape.type_name == "list":
        return st.lists(fitting(shape.member, depth - 1), max_size=2) if depth else st.just([])
    if shape.type_name == "map":
        return st.dictionaries(TEXTS, fitting(shape.value, depth - 1), max_size=2) if depth else st.just({})
    if shape.type_name == "boolean":
        return st.booleans()
    if shape.type_name in ("string", "blob", "character"):
        return TEXTS | (st.sampled_from(list(shape.enum)) if getattr(shape, "enum", None) else TEXTS)
    return NUMBERS


def body_of(data: st.DataObject, shape: Any) -> bytes:
    return data.draw(NO_DOCUMENTS) if data.draw(st.integers(0, 4)) == 0 else json.dumps(document(data, shape)).encode()


def flat(value: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The parameters of a Query request."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from flat(each, f"{prefix}.{name}" if prefix else name)
    elif isinstance(value, list):
        for number, each in enumerate(value, 1):
            yield from flat(each, f"{prefix}.member.{number}")
    else:
        yield prefix, str(value)


def json_request(data: st.DataObject, service: str) -> dict[str, Any]:
    operation = data.draw(st.sampled_from(operations(service)))
    headers = {"x-amz-target": f"{TARGETS[service]}.{operation.name}", "content-type": "application/x-amz-json-1.1"}
    return {"headers": headers, "body": body_of(data, operation.input_shape), "operation": operation}


def query_request(data: st.DataObject, service: str) -> dict[str, Any]:
    operation = data.draw(st.sampled_from(operations(service)))
    fields = [("Action", operation.name), ("Version", QUERY[service]), *flat(document(data, operation.input_shape))]
    text = urlencode(fields, errors="surrogatepass").encode()
    body = data.draw(NO_DOCUMENTS) if data.draw(st.integers(0, 4)) == 0 else text
    return {"headers": {"content-type": "application/x-www-form-urlencoded"}, "body": body, "operation": operation}


def rest_request(data: st.DataObject, service: str) -> dict[str, Any]:
    operation = data.draw(st.sampled_from(operations(service)))
    uri = operation.http["requestUri"]
    for name in operation.input_shape.members if operation.input_shape else ():
        uri = uri.replace("{" + name + "}", data.draw(st.sampled_from(["a", "%ff", "%00", "a%2Fb", "x" * 300])))
    headers = {"content-type": "application/json"}
    body = body_of(data, operation.input_shape)
    return {"method": operation.http["method"], "path": uri, "headers": headers, "body": body, "operation": operation}


def s3_request(data: st.DataObject, service: str) -> dict[str, Any]:
    key = data.draw(st.sampled_from(["", "/", "/k", "/%ff", "/%00", "/../..", "//"]))
    query = data.draw(
        st.sampled_from(["", *SUBRESOURCES, "list-type=2", "%ff=%ff", "max-keys=x", "uploads", "partNumber=a"])
    )
    method = data.draw(st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD"]))
    body = data.draw(NO_DOCUMENTS | st.sampled_from([b"<Delete/>", b"<Tagging><TagSet><Tag/></TagSet></Tagging>"]))
    header = data.draw(st.sampled_from(["x-amz-tagging", "range", "x-amz-copy-source", "if-match", "content-md5"]))
    value = data.draw(st.sampled_from(["", "x", "bytes=-", "bytes=9-1", "%ff", "a=b&a=b", "/", "9" * 5000]))
    return {"method": method, "path": f"/fuzzed{key}?{query}", "headers": {header: value}, "body": body}


CASES = [
    *((service, json_request) for service in TARGETS),
    *((service, query_request) for service in QUERY),
    *((service, rest_request) for service in REST),
    ("s3", s3_request),
]


@pytest.fixture(scope="module")
def connection(cloud: Cloud, client: Any) -> Iterator[Connection]:
    client("s3").create_bucket(Bucket="fuzzed", CreateBucketConfiguration={"LocationConstraint": cloud.region})
    with Connection(cloud) as opened:
        yield opened


@pytest.mark.parametrize(("service", "request_of"), CASES, ids=lambda each: getattr(each, "__name__", each))
def test_no_request_is_answered_with_500(connection: Connection, service: str, request_of: Any) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def fuzz(data: st.DataObject) -> None:
        sent = request_of(data, service)
        answer: Answer = connection.send(service, **sent)
        assert answer.status < 500, (sent.get("operation"), sent["body"][:200], answer.body[:300])
        if answer.status >= 400 and answer.body:
            assert answer.code(service), (sent.get("operation"), answer.headers, answer.body[:300])

    fuzz()

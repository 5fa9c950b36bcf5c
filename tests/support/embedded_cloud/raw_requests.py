"""Sends signed requests with any body to an embedded cloud, as no SDK does."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import botocore.parsers
import botocore.session
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from refit.embedded_cloud.lifecycle import Cloud
from tests.support.waiting import WAIT_SECONDS

SIGNING_NAMES = {"cloudwatch": "monitoring"}


@dataclass(frozen=True)
class Answer:
    """The response to a request."""

    status: int
    headers: dict[str, str]
    body: bytes

    def code(self, service: str) -> str:
        """The error's code, as botocore reads it from the response of this service."""
        protocols = {"application/xml": "rest-xml", "text/xml": "query", "application/cbor": "smithy-rpc-v2-cbor"}
        protocol = protocols.get(self.headers.get("content-type", "").partition(";")[0], "json")
        if service == "s3":
            protocol = "rest-xml"
        parser = botocore.parsers.create_parser(protocol)
        response = {"status_code": self.status, "headers": self.headers, "body": self.body}
        return str(parser.parse(response, None).get("Error", {}).get("Code", ""))


class Connection:
    """A connection to a cloud, with the root user's access key."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._opened = http.client.HTTPConnection("127.0.0.1", cloud.port, timeout=WAIT_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._opened.close()

    def send(
        self,
        service: str,
        *,
        method: str = "POST",
        path: str = "/",
        headers: dict[str, str],
        body: bytes,
        operation: Any = None,
    ) -> Answer:
        """Sends a request to a service, by its name in botocore; `operation` is only for messages of tests."""
        request = AWSRequest(method, self._cloud.endpoint_url + path, dict(headers), body)
        signer = S3SigV4Auth if service == "s3" else SigV4Auth
        signer(Credentials("test", "test"), SIGNING_NAMES.get(service, service), self._cloud.region).add_auth(request)
        self._opened.request(method, path, body, dict(request.headers.items()))
        response = self._opened.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, response.read())

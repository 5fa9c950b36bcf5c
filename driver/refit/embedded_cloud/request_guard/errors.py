"""Errors in the protocol of each service: AWS JSON, REST-JSON, Query, REST-XML or CBOR."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from ministack.core import iam_actions

from refit.embedded_cloud.ministack_patches.patching import lookup

Reply = tuple[int, dict[str, str], bytes]

XML = frozenset({"query-xml", "ec2-xml"})
NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""https://www.w3.org/TR/xml/#charsets; line ends: https://www.w3.org/TR/xml/#sec-line-ends"""

for _symbol in ("access_denied_response", "_SERVICE_PROTOCOL"):
    lookup("ministack.core.iam_actions", _symbol)


@dataclass(frozen=True)
class Kind:
    """An error: its status, and its code in S3, in Query services and in JSON services.

    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and the page "Common errors" of each service,
    such as https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html
    """

    status: int
    s3: str
    query: str
    json: str


UNREADABLE = Kind(400, "InvalidRequest", "MalformedQueryString", "SerializationException")
MALFORMED_XML = Kind(400, "MalformedXML", "MalformedInput", "SerializationException")
INVALID = Kind(400, "InvalidArgument", "ValidationError", "ValidationException")
TOO_LARGE = Kind(413, "EntityTooLarge", "RequestEntityTooLarge", "RequestEntityTooLargeException")
UNAVAILABLE = Kind(503, "ServiceUnavailable", "ServiceUnavailable", "ServiceUnavailable")
FAILED = Kind(500, "InternalError", "InternalFailure", "InternalFailure")


def readable(answer: Reply) -> Reply:
    """An XML response without characters that XML cannot contain, and in which parsers keep carriage returns.

    Values of a request may be quoted in it.
    """
    status, headers, body = answer
    kind = next((str(value) for name, value in headers.items() if name.lower() == "content-type"), "")
    if "xml" not in kind or not isinstance(body, bytes):
        return answer
    lines = {name: value for name, value in headers.items() if name.lower() != "content-length"}
    return status, lines, NOT_XML.sub(b"?", body).replace(b"\r", b"&#13;")


def reply(kind: Kind, message: str, service: str, headers: Mapping[str, str]) -> Reply:
    """The response with this error of a service, in the protocol of the request with these headers."""
    protocol = iam_actions._SERVICE_PROTOCOL.get(service, "json")
    code = kind.s3 if protocol == "rest-xml" else kind.query if protocol in XML else kind.json
    # ministack's own writer of errors; only the status is that of a denial.
    _, lines, body = iam_actions.access_denied_response(
        service, "", "", str(uuid.uuid4()), error_code=code, message=message, headers=dict(headers)
    )
    return readable((kind.status, lines, body))

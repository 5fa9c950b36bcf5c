"""Which requests change a state that is saved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

READ = re.compile(
    r"(Get|List|Describe|Head|BatchGet|Filter|Lookup|Query|Scan|Search|Simulate|Validate|Decode|AssumeRole|Receive"
    r"|StartLiveTail|StartQuery|Decrypt|Encrypt|Verify)"
)
"""The beginnings of the names of operations that only read."""
INVOCATION = re.compile(r"/(endpoints|2015-03-31/functions)/[^/]+/invocations")
"""The paths of SageMaker's InvokeEndpoint and Lambda's Invoke. What a function writes is a request of its own."""


def is_write(
    service: str, method: str, path: str, headers: Mapping[str, str], query: Mapping[str, Any], body: bytes
) -> bool:
    """Whether a request changes what a restart would lose."""
    if method in ("GET", "HEAD", "OPTIONS") or (service != "s3" and INVOCATION.fullmatch(path)):
        return False
    name = headers.get("x-amz-target", "").rpartition(".")[2] or _action(service, query, body)
    return not READ.match(name)


def _action(service: str, query: Mapping[str, Any], body: bytes) -> str:
    """The Action of a Query request; "" for a REST request."""
    form = parse_qs(body[:10_000].decode(errors="replace")) if service != "s3" and body.startswith(b"Action=") else {}
    return str((form.get("Action") or query.get("Action") or [""])[0])

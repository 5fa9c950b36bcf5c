"""Emulates AWS operations that the embedded cloud lacks: a real HTTP server on 127.0.0.1 with AWS's protocols.

It returns the response that a test has set for each operation of STS, IAM and Service Quotas.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from tests.support import http_server

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ops/deployer"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/ada"


@dataclass
class Refusal:
    """An error response: AWS's error code and the HTTP status."""

    code: str
    status: int = 403


@dataclass
class AwsServer:
    """`answers`: the result's members, or a Refusal, by operation. `calls`: the operations called, with parameters."""

    url: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def answer(self, operation: str, parameters: dict[str, Any]) -> Any:
        self.calls.append((operation, parameters))
        answer = self.answers.get(operation, Refusal("InvalidAction", 400))
        return answer(parameters) if callable(answer) else answer


def caller(arn: str = SESSION) -> dict[str, str]:
    """The result of GetCallerIdentity."""
    return {"Arn": arn, "Account": ACCOUNT, "UserId": "AROA:ada"}


@contextmanager
def serving() -> Iterator[AwsServer]:
    """Runs a server until the block ends."""
    server = AwsServer()

    class Handler(http_server.Handler):
        def do_POST(self) -> None:
            body = self.body().decode()
            target = self.headers.get("x-amz-target")
            if target:
                operation = target.rpartition(".")[2]
                self._json(server.answer(operation, json.loads(body or "{}")))
            else:
                parameters = {name: values[0] for name, values in parse_qs(body).items()}
                self._xml(parameters["Action"], server.answer(parameters["Action"], parameters))

        def _json(self, answer: Any) -> None:
            if isinstance(answer, Refusal):
                self.reply(answer.status, json.dumps({"__type": answer.code, "message": "refused"}))
            else:
                self.reply(200, json.dumps(answer))

        def _xml(self, action: str, answer: Any) -> None:
            if isinstance(answer, Refusal):
                error = f"<Error><Code>{answer.code}</Code><Message>refused</Message></Error>"
                self.reply(answer.status, f"<ErrorResponse>{error}</ErrorResponse>")
            else:
                self.reply(
                    200, f"<{action}Response><{action}Result>{_members(answer)}</{action}Result></{action}Response>"
                )

    with http_server.listening(Handler) as server.url:
        yield server


def _members(value: Any) -> str:
    """Writes XML as in AWS's query protocol, where the items of lists are `member` elements."""
    if isinstance(value, dict):
        return "".join(f"<{name}>{_members(member)}</{name}>" for name, member in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{_members(member)}</member>" for member in value)
    return escape(json.dumps(value) if isinstance(value, bool) else str(value))

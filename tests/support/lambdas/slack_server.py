"""The embedded cloud's Slack over real HTTP on 127.0.0.1; responses that a test has scripted come first."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lambdas.aws import clients
from refit.embedded_cloud.slack import api as slack
from refit.embedded_cloud.slack import channels
from tests.support import http_server
from tests.support.lambdas.stage import run_document

PARAMETER = "/refit/slack-token"

HANG = "hang"
DROP = "drop"
PASS = "pass"
Scripted = tuple[int, dict[str, str], Any] | str


def refusal(code: str) -> Scripted:
    """Slack's response to a call that it rejects."""
    return 200, {}, {"ok": False, "error": code}


class Slack:
    """Accepts `tokens`. Responds as scripted, or like the local Slack on PASS and when no script is left."""

    def __init__(self) -> None:
        self.url = ""
        self.tokens = {"xoxb-good"}
        self.script: list[Scripted] = []
        self.calls: list[dict[str, Any]] = []
        self.released = threading.Event()

    @property
    def requests(self) -> int:
        return len(self.calls)

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The messages that the channels show."""
        return channels.shown()

    def respond(self, method: str, authorization: str, body: bytes) -> Scripted:
        self.calls.append({"method": method, **json.loads(body)})
        scripted = self.script.pop(0) if self.script else PASS
        if scripted != PASS:
            return scripted
        if authorization.removeprefix("Bearer ") not in self.tokens:
            return refusal("invalid_auth")
        headers = {"authorization": f"Bearer {slack.TOKEN}", "content-type": "application/json"}
        status, headers, answer = slack.handle(f"{slack.API_PATH}{method}", headers, body)
        return status, headers, answer.decode()


@contextmanager
def running() -> Iterator[Slack]:
    """A server on a free port with an empty Slack, until the block ends."""
    workspace = Slack()

    class Handler(http_server.Handler):
        def do_POST(self) -> None:
            method, authorization = self.path.removeprefix("/api/"), self.headers.get("Authorization", "")
            scripted = workspace.respond(method, authorization, self.body())
            if scripted == HANG:
                workspace.released.wait(120)
            if isinstance(scripted, str):
                self.close_connection = True
                return
            status, headers, answer = scripted
            self.reply(status, answer if isinstance(answer, str) else json.dumps(answer), headers)

    try:
        with http_server.listening(Handler) as address:
            workspace.url = f"{address}/api/"
            try:
                yield workspace
            finally:
                workspace.released.set()
    finally:
        channels.reset()


@contextmanager
def connected(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slack]:
    """A Slack that SLACK_API_URL points to, with its token in SSM. Waits are real, but without jitter."""
    monkeypatch.setattr("random.random", lambda: 0.0)
    clients.ssm().put_parameter(Name=PARAMETER, Value="xoxb-good", Type="SecureString", Overwrite=True)
    with running() as workspace:
        monkeypatch.setenv("SLACK_API_URL", workspace.url)
        yield workspace


def event(run: dict[str, Any], **slack_settings: Any) -> dict[str, Any]:
    """The event that NotifySlack receives for `run`."""
    where = {"channel": "ml-deployments", "token_parameter": PARAMETER, "token_secret": None} | slack_settings
    execution = {"arn": run_document()["execution_arn"], "name": "run-1", "started_at": "2026-11-22T06:00:01Z"}
    settings = {"pipeline": "home-prices", "environment": "prod", "region": "us-west-2", "approval": None}
    return {"run": run, "execution": execution, "settings": {**settings, "slack": where}}

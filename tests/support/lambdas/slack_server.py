"""The embedded cloud's Slack over real HTTP on 127.0.0.1; responses that a test has scripted come first."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from lambdas.aws import clients
from refit.embedded_cloud.slack import api as slack
from refit.embedded_cloud.slack import channels
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

    def __init__(self, url: str) -> None:
        self.url = url
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

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            scripted = workspace.respond(self.path.removeprefix("/api/"), self.headers.get("Authorization", ""), body)
            if scripted == HANG:
                workspace.released.wait(120)
            if isinstance(scripted, str):
                self.close_connection = True
                return
            status, headers, answer = scripted
            data = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Logs nothing, to keep the output of the tests readable."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    workspace = Slack(f"http://127.0.0.1:{server.server_port}/api/")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield workspace
    finally:
        workspace.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
        channels.reset()


@contextmanager
def connected(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slack]:
    """A Slack that SLACK_API_URL points at, its token in SSM. Waits are real, but without jitter."""
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

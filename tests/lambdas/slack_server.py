"""A Slack Web API of the tests' own: real HTTP on 127.0.0.1, answering what a test has scripted."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANG = "hang"
DROP = "drop"
Scripted = tuple[int, dict[str, str], Any] | str


class Slack:
    """Accepts `tokens`; gives each request the next scripted answer, and a good one when none is left."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.tokens = {"xoxb-good"}
        self.script: list[Scripted] = []
        self.posted: list[dict[str, Any]] = []
        self.requests = 0
        self.released = threading.Event()

    def respond(self, authorization: str, body: dict[str, Any]) -> Scripted:
        self.requests += 1
        if self.script:
            return self.script.pop(0)
        if authorization.removeprefix("Bearer ") not in self.tokens:
            return 200, {}, {"ok": False, "error": "invalid_auth"}
        self.posted.append(body)
        return 200, {}, {"ok": True, "channel": "C123", "ts": "1795327200.000100"}


@contextmanager
def running() -> Iterator[Slack]:
    """A server on a free port, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            scripted = slack.respond(self.headers.get("Authorization", ""), body | {"path": self.path})
            if scripted == HANG:
                slack.released.wait(20)
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
            """Says nothing: the tests' output is theirs."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    slack = Slack(f"http://127.0.0.1:{server.server_port}/api/")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield slack
    finally:
        slack.released.set()
        server.shutdown()
        thread.join()
        server.server_close()

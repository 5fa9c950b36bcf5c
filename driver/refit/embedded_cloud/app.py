"""The ASGI application that is served: the cloud's own interface under /_refit/, and ministack for everything else."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from ministack import app

from refit.embedded_cloud import faults, seed
from refit.embedded_cloud.client import IDENTITY_PATH
from refit.embedded_cloud.slack import api as slack
from refit.errors import CloudError

Message = dict[str, Any]
Scope = Any
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Reply = tuple[int, dict[str, str], bytes]

HOSTS = frozenset({"127.0.0.1", "localhost"})

log = logging.getLogger("refit")


def application(state_dir: Path) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The application of the cloud that keeps its state in `state_dir`."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app.app(scope, receive, _filling(send))
        elif _from_a_page(scope):
            await _send(send, (403, {}, b"the embedded cloud answers no web pages"))
        elif scope["type"] == "http" and scope["path"].startswith("/_refit/"):
            await _send(send, _answer(state_dir, scope, await _body(receive)))
        else:
            await app.app(scope, receive, send)

    return serve


def _from_a_page(scope: Scope) -> bool:
    """Whether a browser sends this for a web page, which must not reach what runs code as the developer.

    Pages of any site may send requests to 127.0.0.1: their browser says so, or names the host that was made to resolve
    to it. SDKs and terraform do neither.
    """
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}
    host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
    return "origin" in headers or "sec-fetch-site" in headers or host not in HOSTS


async def _send(send: Send, reply: Reply) -> None:
    status, headers, body = reply
    lines = {**headers, "content-length": str(len(body))}
    encoded = [(name.encode(), value.encode()) for name, value in lines.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _filling(send: Send) -> Send:
    """Fills a new cloud after ministack has taken up what was saved, and before the first request."""

    async def sending(message: Message) -> None:
        if message["type"] == "lifespan.startup.complete":
            try:
                await seed.fill()
            except Exception as error:
                log.exception("the cloud could not be filled")
                message = {"type": "lifespan.startup.failed", "message": str(error)}
        await send(message)

    return sending


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _answer(state_dir: Path, scope: Scope, body: bytes) -> Reply:
    method, path = scope["method"], scope["path"]
    if path.startswith(slack.API_PATH):
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        return slack.handle(path, headers, body)
    try:
        if (method, path) == ("GET", IDENTITY_PATH):
            return _json({"state_dir": str(state_dir), "pid": os.getpid(), "region": os.environ["MINISTACK_REGION"]})
        if (method, path) == ("GET", slack.MESSAGES_PATH):
            return slack.recorded()
        if path == faults.PATH and method in ("GET", "POST", "DELETE"):
            if method != "GET":
                faults.load(body.decode(errors="replace") if method == "POST" else "{}")
            return _json({"faults": faults.active()})
    except CloudError as error:
        return _json({"error": str(error), "hint": error.hint}, 400)
    return _json({"error": f"the embedded cloud has no {method} {path}"}, 404)


def _json(document: Mapping[str, Any], status: int = 200) -> Reply:
    return status, {"content-type": "application/json"}, json.dumps(document).encode()

"""The ASGI application: routes /_refit/ to the cloud's own API, and everything else to ministack."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from ministack import app

from refit.embedded_cloud import faults, seed
from refit.embedded_cloud.client import IDENTITY_PATH, SAVE_PATH, SLACK_MESSAGES_PATH, UNSAVED_STATUS
from refit.embedded_cloud.request_guard import guard
from refit.embedded_cloud.saved_state.saver import Saver
from refit.embedded_cloud.slack import api as slack
from refit.errors import CloudError

Message = dict[str, Any]
Scope = Any
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Reply = tuple[int, dict[str, str], bytes]

HOSTS = frozenset({"127.0.0.1", "localhost"})

log = logging.getLogger("refit")


def application(state_dir: Path, saver: Saver) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The application of the cloud whose state is in `state_dir`, where `saver` saves it."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app.app(scope, receive, _seed_at_startup(send))
        elif _is_from_a_web_page(scope):
            await _send(send, (403, {}, b"the embedded cloud rejects requests from web pages"))
        elif scope["type"] == "http" and (scope["method"], scope["path"]) == ("POST", SAVE_PATH):
            await saver.save()
            await _send(send, _saved(saver))
        elif scope["type"] == "http" and scope["path"].startswith("/_refit/"):
            await _send(send, _handle(state_dir, scope, await _body(receive)))
        elif scope["type"] == "http":
            await _call_service(scope, receive, send, saver)
        else:
            await app.app(scope, receive, send)

    return serve


async def _call_service(scope: Scope, receive: Receive, send: Send, saver: Saver) -> None:
    """Lets ministack handle a request that is sound, and answers it if that fails."""
    checked = await guard.check(scope, receive, saver)
    if checked is None:
        return
    if isinstance(checked, tuple):
        await _send(send, checked)
        return
    started = False

    async def sending(message: Message) -> None:
        nonlocal started
        started = True
        await send(message)

    try:
        await app.app(scope, checked, sending)
    except Exception as error:
        if started:
            raise
        await _send(send, guard.failed(scope, error))


def _is_from_a_web_page(scope: Scope) -> bool:
    """Whether the request comes from a web page in a browser. These are rejected, because the cloud executes code.

    Any website may send requests to 127.0.0.1. The browser then adds an Origin or Sec-Fetch-Site header, or the Host
    header has the name that the website made resolve to 127.0.0.1. SDKs and terraform do neither.
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


def _seed_at_startup(send: Send) -> Send:
    """Creates the initial resources after ministack has restored its state, and before the first request."""

    async def sending(message: Message) -> None:
        if message["type"] == "lifespan.startup.complete":
            try:
                await seed.fill()
            except Exception as error:
                log.exception("the initial resources could not be created")
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


def _handle(state_dir: Path, scope: Scope, body: bytes) -> Reply:
    """Handles a request to the cloud's own API: identity, faults and Slack."""
    method, path = scope["method"], scope["path"]
    if path.startswith(slack.API_PATH):
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        return slack.handle(path, headers, body)
    try:
        if (method, path) == ("GET", IDENTITY_PATH):
            return _json({"state_dir": str(state_dir), "pid": os.getpid(), "region": os.environ["MINISTACK_REGION"]})
        if (method, path) == ("GET", SLACK_MESSAGES_PATH):
            return slack.recorded()
        if path == faults.PATH and method in ("GET", "POST", "DELETE"):
            if method != "GET":
                faults.load(body.decode(errors="replace") if method == "POST" else "{}")
            return _json({"faults": faults.active()})
    except CloudError as error:
        return _json({"error": str(error), "hint": error.hint}, 400)
    return _json({"error": f"the embedded cloud has no {method} {path}"}, 404)


def _saved(saver: Saver) -> Reply:
    """The answer to a request to save: the error if the disk does not take the state."""
    if not saver.failure:
        return _json({"saved": True})
    return _json({"error": f"the embedded cloud cannot save its state: {saver.failure}"}, UNSAVED_STATUS)


def _json(document: Mapping[str, Any], status: int = 200) -> Reply:
    return status, {"content-type": "application/json"}, json.dumps(document).encode()

"""The door of the services: bounds and checks each request, and turns what a handler cannot read into an error."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from ministack import app
from ministack.core import router

from refit.embedded_cloud.aws_json.errors import ApiError
from refit.embedded_cloud.request_guard import body_size, errors, json_body, writes
from refit.embedded_cloud.request_guard.errors import Reply
from refit.embedded_cloud.saved_state.saver import Saver

Scope = Any
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Handler = Callable[..., Awaitable[Reply]]

log = logging.getLogger("refit")

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError, ArithmeticError, SyntaxError)
"""What ministack's handlers raise for a request of another form than they expect. XML's ParseError is a SyntaxError."""


def install() -> None:
    """Wraps the handlers of all services, also for the calls of Step Functions, which do not pass the door."""
    for service, handler in list(app.SERVICE_HANDLERS.items()):
        app.SERVICE_HANDLERS[service] = _answering(service, handler)


async def check(scope: Scope, receive: Receive, saver: Saver) -> Reply | Receive | None:
    """The error to answer a request with; or its body, as the `receive` of the application that handles it.

    None if the client is gone.
    """
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    method, path = scope["method"], scope["path"]
    try:
        query = parse_qs(scope.get("query_string", b"").decode(), keep_blank_values=True)
        path.encode()
    except ValueError:
        await body_size.read(receive, 0)
        return errors.reply(errors.UNREADABLE, "The request is not UTF-8.", _service(method, "/", headers, {}), headers)
    service = _service(method, path, headers, query)
    most = body_size.most(service)
    try:
        body = await body_size.read(receive, most)
    except body_size.Disconnected:
        return None
    if body is None:
        return errors.reply(errors.TOO_LARGE, f"Request must be smaller than {most} bytes", service, headers)
    try:
        json_body.check(service, method, path, headers, body)
    except ApiError as error:
        return errors.reply(errors.UNREADABLE, str(error), service, headers)
    if writes.is_write(service, method, path, headers, query, body) and not await saver.is_working():
        return errors.reply(errors.UNAVAILABLE, unsaved(saver.failure), service, headers)
    return _replaying(body, receive)


def unsaved(reason: str) -> str:
    """The message of the error for a request that cannot be saved."""
    return f"The embedded cloud cannot save its state: {reason}. Free disk space, and try again."


def failed(scope: Scope, error: Exception) -> Reply:
    """The error to answer a request with that failed before or after its service's handler."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    query = parse_qs(scope.get("query_string", b"").decode(errors="replace"))
    return _reply_for(error, _service(scope["method"], scope["path"], headers, query), headers)


def _answering(service: str, handle: Handler) -> Handler:
    async def answering(method: str, path: str, headers: Mapping[str, str], *rest: Any, **more: Any) -> Reply:
        try:
            answer = await handle(method, path, headers, *rest, **more)
        except Exception as error:
            return _reply_for(error, service, headers)
        # An object is what was stored, even if it is XML.
        is_object = service == "s3" and answer[0] < 400 and "/" in path.strip("/")
        return answer if is_object else errors.readable(answer)

    return answering


def _reply_for(error: Exception, service: str, headers: Mapping[str, str]) -> Reply:
    log.warning("%s could not handle a request", service, exc_info=error)
    names = {name.lower(): value for name, value in headers.items()}
    if not isinstance(error, UNREADABLE):
        return errors.reply(errors.FAILED, "The embedded cloud failed; see its log.", service, names)
    kind = errors.MALFORMED_XML if isinstance(error, SyntaxError) else errors.INVALID
    message = f"The embedded cloud cannot read this request: {type(error).__name__}: {error}"
    return errors.reply(kind, message, service, names)


def _service(method: str, path: str, headers: Mapping[str, str], query: Mapping[str, Any]) -> str:
    """The service that a request is for, as far as its line and headers say."""
    try:
        return str(router.detect_service(method, path, dict(headers), dict(query)))
    except UNREADABLE:
        return "s3"


def _replaying(body: bytes, receive: Receive) -> Receive:
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replaying() -> Any:
        return waiting.pop() if waiting else await receive()

    return replaying

"""Handles requests to Slack's Web API: checks the token, stores messages, and returns them. Nothing leaves the machine.

Responses are Slack's: HTTP 200 with {"ok": true, …} or {"ok": false, "error": …}; only rate limits and outages have
another HTTP status. https://docs.slack.dev/apis/web-api
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from refit.embedded_cloud import faults
from refit.embedded_cloud.client import SLACK_API_PATH
from refit.embedded_cloud.slack import channels
from refit.embedded_cloud.slack.channels import BOT, Response, SlackError
from refit.embedded_cloud.slack.channels import get_state as get_state
from refit.embedded_cloud.slack.channels import load_persisted_state as load_persisted_state
from refit.embedded_cloud.slack.channels import records as records
from refit.embedded_cloud.slack.channels import reset as reset

API_PATH = SLACK_API_PATH
TOKEN = "xoxb-embedded-cloud"  # noqa: S105 - valid for this Slack only
RETRY_AFTER_SECONDS = 1

Reply = tuple[int, dict[str, str], bytes]


def handle(path: str, headers: dict[str, str], body: bytes) -> Reply:
    """Handles one call of the Web API. `path` begins with API_PATH; header names are in lowercase."""
    if faults.take("slack.down"):
        return HTTPStatus.SERVICE_UNAVAILABLE, {}, b""
    if faults.take("slack.ratelimited"):
        retry = {"retry-after": str(RETRY_AFTER_SECONDS)}
        return _reply(HTTPStatus.TOO_MANY_REQUESTS, {"ok": False, "error": "ratelimited"}, retry)
    try:
        arguments = _arguments(headers, body)
        _authenticate(headers, arguments)
        method = METHODS.get(path.removeprefix(API_PATH))
        if method is None:
            raise SlackError("unknown_method")
        return _reply(HTTPStatus.OK, {"ok": True, **method(arguments)})
    except SlackError as error:
        metadata = {"response_metadata": {"messages": error.messages}} if error.messages else {}
        return _reply(HTTPStatus.OK, {"ok": False, "error": str(error), **metadata})


def recorded() -> Reply:
    """The response to GET SLACK_MESSAGES_PATH."""
    return _reply(HTTPStatus.OK, {"messages": channels.shown()})


def _reply(status: HTTPStatus, response: Response, headers: dict[str, str] | None = None) -> Reply:
    return status, {"content-type": "application/json; charset=utf-8", **(headers or {})}, json.dumps(response).encode()


def _arguments(headers: dict[str, str], body: bytes) -> dict[str, Any]:
    kind = headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/json":
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    try:
        arguments = json.loads(body or b"{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(arguments, dict):
        raise SlackError("json_not_object")
    return arguments


def _authenticate(headers: dict[str, str], arguments: dict[str, Any]) -> None:
    token = headers.get("authorization", "").removeprefix("Bearer ").strip() or arguments.get("token", "")
    if not token:
        raise SlackError("not_authed")
    if token != TOKEN or faults.take("slack.invalid_auth"):
        raise SlackError("invalid_auth")


def _auth_test(_: dict[str, Any]) -> Response:
    return {
        "url": "http://127.0.0.1/",
        "team": "embedded cloud",
        "user": "refit",
        "team_id": BOT["team"],
        "user_id": BOT["user"],
        "bot_id": BOT["bot_id"],
        "is_enterprise_install": False,
    }


METHODS = {"chat.postMessage": channels.post, "chat.update": channels.update, "auth.test": _auth_test}

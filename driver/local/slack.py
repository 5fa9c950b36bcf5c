"""A Slack Web API on the developer's machine: it checks the token, records what is posted, and shows it.

Answers as Slack does (https://docs.slack.dev/reference/methods/chat.postMessage): HTTP 200 with {"ok": true, …} or
{"ok": false, "error": …}; only rate limits and outages have another HTTP status. It sends nothing anywhere.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl

from driver.local import faults

if TYPE_CHECKING:
    from driver.local.cloud import Cloud

API_PATH = "/_refit/slack/api/"
MESSAGES_PATH = "/_refit/slack/messages"
TOKEN = "xoxb-embedded-cloud"  # noqa: S105 - opens nothing but this Slack
MAX_TEXT = 40_000
RETRY_AFTER_SECONDS = 1
BOT = {"bot_id": "B0EMBEDDED", "user": "U0EMBEDDED", "team": "T0EMBEDDED"}

Answer = dict[str, Any]
Reply = tuple[int, dict[str, str], bytes]

_messages: list[Answer] = []


class Refusal(Exception):
    """An error code of the Web API."""


def messages(cloud: Cloud) -> list[Answer]:
    """What was posted to a running cloud's Slack, oldest first: channel, ts, thread_ts, text, blocks, time (UTC)."""
    return cast("list[Answer]", cloud.request("GET", MESSAGES_PATH)["messages"])


def handle(path: str, headers: dict[str, str], body: bytes) -> Reply:
    """Answers one call of the Web API; `path` begins with API_PATH, header names are in lower case."""
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
            raise Refusal("unknown_method")
        return _reply(HTTPStatus.OK, {"ok": True, **method(arguments)})
    except Refusal as refusal:
        return _reply(HTTPStatus.OK, {"ok": False, "error": str(refusal)})


def recorded() -> Reply:
    """The recorded messages, for `messages`."""
    return _reply(HTTPStatus.OK, {"messages": _messages})


def _reply(status: HTTPStatus, answer: Answer, headers: dict[str, str] | None = None) -> Reply:
    return status, {"content-type": "application/json; charset=utf-8", **(headers or {})}, json.dumps(answer).encode()


def _arguments(headers: dict[str, str], body: bytes) -> Answer:
    kind = headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/json":
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    try:
        arguments = json.loads(body or b"{}")
    except ValueError:
        raise Refusal("invalid_json") from None
    if not isinstance(arguments, dict):
        raise Refusal("json_not_object")
    return arguments


def _authenticate(headers: dict[str, str], arguments: Answer) -> None:
    token = headers.get("authorization", "").removeprefix("Bearer ").strip() or arguments.get("token", "")
    if not token:
        raise Refusal("not_authed")
    if token != TOKEN or faults.take("slack.invalid_auth"):
        raise Refusal("invalid_auth")


def _post_message(arguments: Answer) -> Answer:
    channel, text, blocks = _channel(arguments), arguments.get("text", ""), _blocks(arguments)
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text) > MAX_TEXT:
        raise Refusal("msg_too_long")
    now = max(time.time(), float(_messages[-1]["ts"]) + 0.000001 if _messages else 0.0)
    message = {
        "channel": channel,
        "ts": f"{now:.6f}",
        "thread_ts": arguments.get("thread_ts"),
        "text": text,
        "blocks": blocks,
        "time": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    _messages.append(message)
    return {"channel": _channel_id(channel), "ts": message["ts"], "message": _shown(message)}


def _update(arguments: Answer) -> Answer:
    channel = _channel(arguments)
    message = next(
        (each for each in _messages if (each["channel"], each["ts"]) == (channel, arguments.get("ts"))), None
    )
    if message is None:
        raise Refusal("message_not_found")
    message["text"] = arguments.get("text", message["text"])
    message["blocks"] = _blocks(arguments) or message["blocks"]
    answer = {"channel": _channel_id(channel), "ts": message["ts"], "text": message["text"]}
    return {**answer, "message": _shown(message)}


def _auth_test(_: Answer) -> Answer:
    return {
        "url": "http://127.0.0.1/",
        "team": "embedded cloud",
        "user": "refit",
        "team_id": BOT["team"],
        "user_id": BOT["user"],
        "bot_id": BOT["bot_id"],
        "is_enterprise_install": False,
    }


METHODS = {"chat.postMessage": _post_message, "chat.update": _update, "auth.test": _auth_test}


def _channel(arguments: Answer) -> str:
    """The channel's name, for a name or for the id that an earlier answer gave for it."""
    wanted = str(arguments.get("channel", "")).removeprefix("#")
    if not wanted:
        raise Refusal("channel_not_found")
    return next((each["channel"] for each in _messages if _channel_id(each["channel"]) == wanted), wanted)


def _channel_id(name: str) -> str:
    if re.fullmatch(r"[CDG][A-Z0-9]{8,}", name):
        return name
    return f"C{hashlib.sha256(name.encode()).hexdigest()[:10].upper()}"


def _blocks(arguments: Answer) -> list[Any]:
    blocks = arguments.get("blocks") or []
    try:
        parsed = json.loads(blocks) if isinstance(blocks, str) else blocks
    except ValueError:
        parsed = None
    if not isinstance(parsed, list):
        raise Refusal("invalid_blocks_format")
    return parsed


def _shown(message: Answer) -> Answer:
    optional = {key: message[key] for key in ("thread_ts", "blocks") if message[key]}
    return {"type": "message", **BOT, "text": message["text"], "ts": message["ts"], **optional}


def get_state() -> Answer:
    """What the cloud saves."""
    return {"messages": list(_messages)}


def load_persisted_state(state: Answer) -> None:
    """Takes up what an earlier cloud saved."""
    _messages[:] = state.get("messages", [])


def reset() -> None:
    """Forgets every message."""
    _messages.clear()

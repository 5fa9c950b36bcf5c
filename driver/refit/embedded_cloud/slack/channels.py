"""Stores the messages in Slack channels, with their threads and edits.

It follows https://docs.slack.dev/reference/methods/chat.postMessage and …/chat.update.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from refit.embedded_cloud.slack import block_kit

MAX_TEXT = 40_000
BOT = {"bot_id": "B0EMBEDDED", "user": "U0EMBEDDED", "team": "T0EMBEDDED"}

Message = dict[str, Any]
Arguments = dict[str, Any]
Response = dict[str, Any]

_messages: list[Message] = []


class SlackError(Exception):
    """An error code of the Web API, with optional messages about its cause."""

    def __init__(self, code: str, messages: list[str] | None = None) -> None:
        super().__init__(code)
        self.messages = messages or []


def shown() -> list[Message]:
    """All messages in their current state, oldest first."""
    return _messages


def post(arguments: Arguments) -> Response:
    """chat.postMessage, without authentication: posts to a channel's name or ID, or as a reply in a thread."""
    channel, (text, blocks) = _channel(arguments), _content(arguments)
    now = max(time.time(), float(_messages[-1]["ts"]) + 0.000001 if _messages else 0.0)
    # A reply to a missing message is posted to the channel: https://github.com/slack-go/slack/issues/1571
    thread = arguments.get("thread_ts") if _find(channel, arguments.get("thread_ts")) else None
    message = {
        "channel": channel,
        "ts": f"{now:.6f}",
        "thread_ts": thread,
        "broadcast": thread is not None and arguments.get("reply_broadcast") in (True, "true"),
        "text": text,
        "blocks": blocks,
        "time": _instant(now),
        "edited": None,
        "before": [],
    }
    _messages.append(message)
    return {"channel": _channel_id(channel), "ts": message["ts"], "message": _response_message(message)}


def update(arguments: Arguments) -> Response:
    """chat.update, without authentication: requires the channel's ID. Blocks that are not sent again are removed."""
    channel, (text, blocks) = _channel(arguments), _content(arguments)
    if arguments["channel"] != _channel_id(channel):
        raise SlackError("channel_not_found")
    message = _find(channel, arguments.get("ts"))
    if message is None:
        raise SlackError("message_not_found")
    before = [*message["before"], message["text"]]
    message |= {"text": text, "blocks": blocks, "edited": _instant(time.time()), "before": before}
    response = {"channel": _channel_id(channel), "ts": message["ts"], "text": text}
    return {**response, "message": _response_message(message)}


def _content(arguments: Arguments) -> tuple[str, list[Any]]:
    """The text and blocks of a message. Raises SlackError if Slack would reject them."""
    text, blocks = arguments.get("text", ""), _blocks(arguments)
    if not text and not blocks:
        raise SlackError("no_text")
    if len(text) > MAX_TEXT:
        raise SlackError("msg_too_long")
    return text, blocks


def _blocks(arguments: Arguments) -> list[Any]:
    blocks = arguments.get("blocks") or []
    try:
        parsed = json.loads(blocks) if isinstance(blocks, str) else blocks
    except ValueError:
        parsed = None
    if not isinstance(parsed, list):
        raise SlackError("invalid_blocks_format")
    if wrong := block_kit.problems(parsed):
        raise SlackError("invalid_blocks", wrong)
    return parsed


def _find(channel: str, ts: object) -> Message | None:
    return next((each for each in _messages if (each["channel"], each["ts"]) == (channel, ts)), None)


def _channel(arguments: Arguments) -> str:
    """The channel's name, from its name or from the ID that an earlier response contained."""
    channel = str(arguments.get("channel", "")).removeprefix("#")
    if not channel:
        raise SlackError("channel_not_found")
    return next((each["channel"] for each in _messages if _channel_id(each["channel"]) == channel), channel)


def _channel_id(name: str) -> str:
    if re.fullmatch(r"[CDG][A-Z0-9]{8,}", name):
        return name
    return f"C{hashlib.sha256(name.encode()).hexdigest()[:10].upper()}"


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _response_message(message: Message) -> Response:
    optional = {key: message[key] for key in ("thread_ts", "blocks") if message[key]}
    return {"type": "message", **BOT, "text": message["text"], "ts": message["ts"], **optional}


def forget(since: float, most: int) -> None:
    """Forgets the messages before `since`, in seconds since 1970, and those that are not among the newest `most`."""
    _messages[:] = [message for message in _messages[-most:] if float(message["ts"]) >= since]


def get_state() -> Response:
    """The state that the cloud saves, which is in the records."""
    return {}


def records() -> Iterator[tuple[str, Hashable, Callable[[], Response]]]:
    """The messages of the same minute, as one record for each minute."""
    minutes: dict[int, list[Message]] = defaultdict(list)
    for message in list(_messages):
        minutes[int(float(message["ts"])) // 60].append(message)
    for minute, found in minutes.items():
        yield str(minute), tuple((each["ts"], len(each["before"])) for each in found), partial(_state, found)


def load_persisted_state(state: Response) -> None:
    """Restores a saved state, including that of a version without threads and edits, or without records."""
    defaults: Message = {"broadcast": False, "edited": None, "before": []}
    saved = [
        *state.get("messages", ()),
        *(each for part in state.get("records", {}).values() for each in part["messages"]),
    ]
    by_ts = {(message["channel"], message["ts"]): defaults | message for message in saved}
    _messages[:] = sorted(by_ts.values(), key=lambda message: float(message["ts"]))


def _state(messages: list[Message]) -> Response:
    return {"messages": messages}


def reset() -> None:
    """Deletes all messages."""
    _messages.clear()

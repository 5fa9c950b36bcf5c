"""What stands in the channels of the local Slack: messages, their threads and their edits.

Posting and updating do what https://docs.slack.dev/reference/methods/chat.postMessage and …/chat.update say.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from datetime import UTC, datetime
from typing import Any

from refit.embedded_cloud.slack import block_kit

MAX_TEXT = 40_000
BOT = {"bot_id": "B0EMBEDDED", "user": "U0EMBEDDED", "team": "T0EMBEDDED"}

Message = dict[str, Any]
Arguments = dict[str, Any]
Answer = dict[str, Any]

_messages: list[Message] = []


class Refusal(Exception):
    """An error code of the Web API, and what it is about."""

    def __init__(self, code: str, about: list[str] | None = None) -> None:
        super().__init__(code)
        self.about = about or []


def shown() -> list[Message]:
    """Every message as it stands now, oldest first."""
    return _messages


def post(arguments: Arguments) -> Answer:
    """chat.postMessage, without a token: to a channel's name or ID, and into a thread."""
    channel, (text, blocks) = _channel(arguments), _content(arguments)
    now = max(time.time(), float(_messages[-1]["ts"]) + 0.000001 if _messages else 0.0)
    # The reply to a message that is not there is posted into the channel: https://github.com/slack-go/slack/issues/1571
    thread = arguments.get("thread_ts") if _found(channel, arguments.get("thread_ts")) else None
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
    return {"channel": _channel_id(channel), "ts": message["ts"], "message": _answered(message)}


def update(arguments: Arguments) -> Answer:
    """chat.update, without a token: to a channel's ID alone. Blocks that are not sent again are gone."""
    channel, (text, blocks) = _channel(arguments), _content(arguments)
    if arguments["channel"] != _channel_id(channel):
        raise Refusal("channel_not_found")
    message = _found(channel, arguments.get("ts"))
    if message is None:
        raise Refusal("message_not_found")
    before = [*message["before"], message["text"]]
    message |= {"text": text, "blocks": blocks, "edited": _instant(time.time()), "before": before}
    answer = {"channel": _channel_id(channel), "ts": message["ts"], "text": text}
    return {**answer, "message": _answered(message)}


def _content(arguments: Arguments) -> tuple[str, list[Any]]:
    """The text and blocks of a message, if Slack would take them."""
    text, blocks = arguments.get("text", ""), _blocks(arguments)
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text) > MAX_TEXT:
        raise Refusal("msg_too_long")
    return text, blocks


def _blocks(arguments: Arguments) -> list[Any]:
    blocks = arguments.get("blocks") or []
    try:
        parsed = json.loads(blocks) if isinstance(blocks, str) else blocks
    except ValueError:
        parsed = None
    if not isinstance(parsed, list):
        raise Refusal("invalid_blocks_format")
    if wrong := block_kit.problems(parsed):
        raise Refusal("invalid_blocks", wrong)
    return parsed


def _found(channel: str, ts: object) -> Message | None:
    return next((each for each in _messages if (each["channel"], each["ts"]) == (channel, ts)), None)


def _channel(arguments: Arguments) -> str:
    """The channel's name, for a name or for the ID that an earlier answer gave for it."""
    wanted = str(arguments.get("channel", "")).removeprefix("#")
    if not wanted:
        raise Refusal("channel_not_found")
    return next((each["channel"] for each in _messages if _channel_id(each["channel"]) == wanted), wanted)


def _channel_id(name: str) -> str:
    if re.fullmatch(r"[CDG][A-Z0-9]{8,}", name):
        return name
    return f"C{hashlib.sha256(name.encode()).hexdigest()[:10].upper()}"


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _answered(message: Message) -> Answer:
    optional = {key: message[key] for key in ("thread_ts", "blocks") if message[key]}
    return {"type": "message", **BOT, "text": message["text"], "ts": message["ts"], **optional}


def get_state() -> Answer:
    """What the cloud saves."""
    return {"messages": list(_messages)}


def load_persisted_state(state: Answer) -> None:
    """Takes up what an earlier cloud saved, be it one that knew no threads and edits."""
    unknown: Message = {"broadcast": False, "edited": None, "before": []}
    _messages[:] = [unknown | message for message in state.get("messages", [])]


def reset() -> None:
    """Forgets every message."""
    _messages.clear()

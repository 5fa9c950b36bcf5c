"""Posts a run's messages in one Slack thread: each updates the thread's first message, and is posted as a reply.

The first message is updated before the reply is posted, because an update can be repeated and a reply cannot be undone.
If only the update succeeded, a retry posts nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from lambdas.slack.api import OK, POST, UPDATE, Result
from lambdas.slack.message import Message

# Errors of https://docs.slack.dev/reference/methods/chat.update and chat.postMessage
PARENT_UNUSABLE = frozenset({"message_not_found", "thread_not_found", "cant_update_message", "edit_window_closed"})
"""Slack's errors for a first message that was deleted, posted by another bot, or is too old to be edited."""

PLAIN: Mapping[str, object] = {"mrkdwn": False, "unfurl_links": False, "unfurl_media": False}

Send = Callable[[str, Mapping[str, object], float], Result]
"""Calls a method with arguments, in at most this share of the remaining time."""


class Parent(NamedTuple):
    """The first message of a run's thread: the channel's ID as Slack returned it, and the message."""

    channel: str
    ts: str


def parent_of(result: object) -> Parent | None:
    """The thread in the last result of NotifySlack, None if it has none."""
    if not isinstance(result, Mapping) or not (result.get("channel") and result.get("ts")):
        return None
    return Parent(str(result["channel"]), str(result["ts"]))


def post(send: Send, channel: str, parent: Parent | None, message: Message) -> dict[str, object]:
    """Posts `message` in the run's thread, or starts one in `channel` if there is none: {"posted", "reason", …}.

    `posted`: whether Slack accepted any of it. `reason`: `ok`, or the failure. `channel` and `ts`: the thread's.
    """
    if parent is None:
        return _start(send, channel, message)
    target = {"channel": parent.channel, "text": message.text}
    # Unlike chat.postMessage, chat.update would otherwise look for names and links in the text.
    edit = {"ts": parent.ts, "blocks": message.blocks, "parse": "none"}
    updated = send(UPDATE, {**target, **edit}, 1 / 2)
    if updated.reason in PARENT_UNUSABLE:
        return _start(send, channel, message, because=updated)
    reply = {"thread_ts": parent.ts, "reply_broadcast": message.loud}
    replied = send(POST, {**target, **reply, **PLAIN}, 1)
    if replied.reason in PARENT_UNUSABLE:
        return _start(send, channel, message, because=replied)
    if replied.reason == OK and replied.thread is None:
        # Slack posts the reply to a deleted message into the channel, without an error:
        # https://github.com/slack-go/slack/issues/1571
        parent = Parent(replied.channel, replied.ts)
    return {"posted": OK in (updated.reason, replied.reason), "reason": _both(updated, replied), **parent._asdict()}


def _start(send: Send, channel: str, message: Message, because: Result | None = None) -> dict[str, object]:
    posted = send(POST, {"channel": channel, "text": message.text, "blocks": message.blocks, **PLAIN}, 1)
    if posted.reason != OK:
        return {"posted": False, "reason": posted.reason}
    reason = f"new thread: {because.reason}" if because else OK
    return {"posted": True, "reason": reason, "channel": posted.channel, "ts": posted.ts}


def _both(updated: Result, replied: Result) -> str:
    if updated.reason == replied.reason:
        return updated.reason
    failed = {"not updated": updated.reason, "no reply": replied.reason}
    return ", ".join(f"{what}: {reason}" for what, reason in failed.items() if reason != OK)

"""A run's thread: its first message is the parent, which later ones bring up to date and reply to.

The parent is updated before the reply is posted: an update may be repeated, a reply cannot be taken back. Whoever calls
again after the update alone says nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from lambdas.slack.api import OK, POST, UPDATE, Answer
from lambdas.slack.message import Message

# https://docs.slack.dev/reference/methods/chat.update and chat.postMessage: their errors
LOST = frozenset({"message_not_found", "thread_not_found", "cant_update_message", "edit_window_closed"})
"""Slack's answers to a parent that is of no more use: deleted, or posted by another bot, or too old to be edited."""

PLAIN: Mapping[str, object] = {"mrkdwn": False, "unfurl_links": False, "unfurl_media": False}

Send = Callable[[str, Mapping[str, object], float], Answer]
"""Calls a method with arguments, in at most this share of the time that is left."""


class Parent(NamedTuple):
    """Where a run's thread is: the ID of the channel, as Slack answered it, and the message."""

    channel: str
    ts: str


def parent_of(said: object) -> Parent | None:
    """The thread that the last answer of NotifySlack left, None if it left none."""
    if not isinstance(said, Mapping) or not (said.get("channel") and said.get("ts")):
        return None
    return Parent(str(said["channel"]), str(said["ts"]))


def say(send: Send, channel: str, parent: Parent | None, message: Message) -> dict[str, object]:
    """Says `message` in the run's thread, and opens one in `channel` if there is none: {"posted", "reason", …}.

    `posted` when Slack took any of it; `reason` is `ok` or what went wrong; `channel` and `ts` are the thread's.
    """
    if parent is None:
        return _open(send, channel, message)
    place = {"channel": parent.channel, "text": message.text}
    # chat.update would otherwise look for names and links in the text, as chat.postMessage does not.
    edit = {"ts": parent.ts, "blocks": message.blocks, "parse": "none"}
    updated = send(UPDATE, {**place, **edit}, 1 / 2)
    if updated.reason in LOST:
        return _open(send, channel, message, instead_of=updated)
    reply = {"thread_ts": parent.ts, "reply_broadcast": message.loud}
    replied = send(POST, {**place, **reply, **PLAIN}, 1)
    if replied.reason in LOST:
        return _open(send, channel, message, instead_of=replied)
    if replied.reason == OK and replied.thread is None:
        # Slack posts the reply to a deleted message into the channel, without a word:
        # https://github.com/slack-go/slack/issues/1571
        parent = Parent(replied.channel, replied.ts)
    return {"posted": OK in (updated.reason, replied.reason), "reason": _both(updated, replied), **parent._asdict()}


def _open(send: Send, channel: str, message: Message, instead_of: Answer | None = None) -> dict[str, object]:
    posted = send(POST, {"channel": channel, "text": message.text, "blocks": message.blocks, **PLAIN}, 1)
    if posted.reason != OK:
        return {"posted": False, "reason": posted.reason}
    reason = f"new thread: {instead_of.reason}" if instead_of else OK
    return {"posted": True, "reason": reason, "channel": posted.channel, "ts": posted.ts}


def _both(updated: Answer, replied: Answer) -> str:
    if updated.reason == replied.reason:
        return updated.reason
    failed = {"not updated": updated.reason, "no reply": replied.reason}
    return ", ".join(f"{what}: {reason}" for what, reason in failed.items() if reason != OK)

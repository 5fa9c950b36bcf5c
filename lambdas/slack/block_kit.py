"""Lays out a message in Slack's Block Kit, within Slack's limits. Pure.

https://docs.slack.dev/reference/block-kit/blocks, and about escaping
https://docs.slack.dev/messaging/formatting-message-text#escaping
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from refit.domain.console_links import Link

Block = dict[str, Any]

MAX_HEADER = 150
MAX_TEXT = 3000
MAX_FIELD = 2000
MAX_FIELDS = 10


def blocks(title: str, sentences: Sequence[str], fields: Mapping[str, str], links: Sequence[Link]) -> list[Block]:
    """A header, the sentences, the fields in two columns, and the links. Texts that are too long are cut."""
    header = {"type": "header", "text": {"type": "plain_text", "text": title[:MAX_HEADER], "emoji": False}}
    text = "\n".join(escaped(sentence) for sentence in sentences)
    shown = [_text(f"*{escaped(label)}*\n{escaped(value)}", MAX_FIELD) for label, value in fields.items()]
    pages = " · ".join(f"<{escaped(link.url)}|{link.about}>" for link in links)
    return [
        header,
        *([{"type": "section", "text": _text(text, MAX_TEXT)}] if text else []),
        *([{"type": "section", "fields": shown[:MAX_FIELDS]}] if shown else []),
        {"type": "context", "elements": [_text(pages, MAX_TEXT)]},
    ]


def escaped(text: str) -> str:
    """`text` with Slack's three control characters escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _text(text: str, most: int) -> Block:
    if len(text) > most:
        # Do not cut within an escaped character.
        text = re.sub("&[a-z]*$", "", text[: most - 1]) + "…"
    return {"type": "mrkdwn", "text": text, "verbatim": True}

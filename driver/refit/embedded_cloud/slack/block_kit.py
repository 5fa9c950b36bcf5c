"""Validates the Block Kit blocks that Refit sends, by Slack's rules. Other block types are rejected. Pure.

https://docs.slack.dev/reference/block-kit/blocks,
https://docs.slack.dev/reference/block-kit/composition-objects/text-object
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MAX_BLOCKS = 50
MAX_HEADER = 150
MAX_TEXT = 3000
MAX_FIELDS = 10
MAX_FIELD = 2000
MAX_ELEMENTS = 10

PLAIN, MARKDOWN = "plain_text", "mrkdwn"


def problems(blocks: list[Any]) -> list[str]:
    """The reasons why Slack would reject `blocks`; empty if they are valid."""
    reasons = [f"{len(blocks)} blocks: at most {MAX_BLOCKS}"] if len(blocks) > MAX_BLOCKS else []
    for number, block in enumerate(blocks):
        check = CHECKS.get(block.get("type")) if isinstance(block, dict) else None
        found = check(block) if check else ["unknown block type"]
        reasons += [f"block {number}: {each}" for each in found]
    return reasons


def _header(block: dict[str, Any]) -> list[str]:
    return _text(block.get("text"), MAX_HEADER, (PLAIN,))


def _section(block: dict[str, Any]) -> list[str]:
    if "text" not in block and "fields" not in block:
        return ["a section must have text or fields"]
    in_text = _text(block["text"], MAX_TEXT) if "text" in block else []
    return in_text + (_each(block["fields"], MAX_FIELDS, MAX_FIELD) if "fields" in block else [])


def _context(block: dict[str, Any]) -> list[str]:
    return _each(block.get("elements"), MAX_ELEMENTS, MAX_TEXT)


def _divider(_: dict[str, Any]) -> list[str]:
    return []


CHECKS: dict[object, Callable[[dict[str, Any]], list[str]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "divider": _divider,
}


def _each(texts: object, most: int, longest: int) -> list[str]:
    if not isinstance(texts, list) or not 1 <= len(texts) <= most:
        return [f"must be a list of 1 to {most} texts"]
    return [reason for text in texts for reason in _text(text, longest)]


def _text(text: object, longest: int, kinds: tuple[str, ...] = (PLAIN, MARKDOWN)) -> list[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        return [f"must be a text object of type {' or '.join(kinds)}"]
    content, foreign = text.get("text"), {"emoji": MARKDOWN, "verbatim": PLAIN}
    if not isinstance(content, str) or not 1 <= len(content) <= longest:
        return [f"must be a text of 1 to {longest} characters"]
    wrong = (key for key, kind in foreign.items() if key in text and text["type"] == kind)
    return [f"{key} is not a member of a {foreign[key]} text" for key in wrong]

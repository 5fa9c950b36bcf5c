"""The blocks that the local Slack accepts and rejects, compared with Slack's own SDK."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from refit.embedded_cloud.slack.block_kit import problems


def text(length: int = 1, kind: str = "mrkdwn", **more: Any) -> dict[str, Any]:
    return {"type": kind, "text": "x" * length, **more}


def section(**parts: Any) -> dict[str, Any]:
    return {"type": "section", **parts}


@pytest.mark.parametrize(
    "block",
    [
        {"type": "header", "text": text(150, "plain_text", emoji=False)},
        section(text=text(3000, verbatim=True)),
        section(fields=[text(2000)] * 10),
        section(text=text(), fields=[text(kind="plain_text")]),
        {"type": "context", "elements": [text()] * 10},
        {"type": "divider"},
    ],
)
def test_what_slack_takes_is_taken(block: dict[str, Any]) -> None:
    assert problems([block]) == []
    Block.parse(block).validate_json()


@pytest.mark.parametrize(
    "block",
    [
        {"type": "header", "text": text(151, "plain_text")},
        section(),
        section(text=text(3001)),
        section(fields=[text()] * 11),
        {"type": "context", "elements": [text()] * 11},
    ],
)
def test_what_slacks_own_sdk_refuses_is_refused(block: dict[str, Any]) -> None:
    assert len(problems([block])) == 1
    with pytest.raises(SlackObjectFormationError):
        Block.parse(block).validate_json()


@pytest.mark.parametrize(
    ("block", "wrong"),
    [
        ("section", "unknown block type"),
        ({"type": "shout"}, "unknown block type"),
        ({"type": "header", "text": text()}, "must be a text object of type plain_text"),
        ({"type": "header"}, "must be a text object of type plain_text"),
        (section(text="x"), "must be a text object of type plain_text or mrkdwn"),
        (section(text=text(0)), "must be a text of 1 to 3000 characters"),
        (section(text=text(emoji=True)), "emoji is not a member of a mrkdwn text"),
        (section(text=text(kind="plain_text", verbatim=True)), "verbatim is not a member of a plain_text text"),
        (section(fields=[]), "must be a list of 1 to 10 texts"),
        (section(fields=[text(), text(2001)]), "must be a text of 1 to 2000 characters"),
        ({"type": "context", "elements": "x"}, "must be a list of 1 to 10 texts"),
    ],
)
def test_the_reason_is_reported(block: Any, wrong: str) -> None:
    assert problems([{"type": "divider"}, block]) == [f"block 1: {wrong}"]


def test_a_message_has_fifty_blocks_at_most() -> None:
    divider = {"type": "divider"}
    assert problems([divider] * 50) == []
    assert problems([divider] * 51) == ["51 blocks: at most 50"]

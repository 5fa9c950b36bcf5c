"""Builds the Slack message for a phase of a run: as blocks, and as plain text. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lambdas.slack import fields, phases
from lambdas.slack.block_kit import Block, blocks, escaped


@dataclass(frozen=True)
class Message:
    """`text` is for notifications, screen readers and replies; `blocks` are displayed in the channel."""

    text: str
    blocks: list[Block]
    loud: bool


def message(run: Mapping[str, Any], execution_arn: str, settings: Mapping[str, Any], now: datetime) -> Message:
    """The message for the phase that `run` has reached; `run` is only the event if CheckData itself failed.

    `settings` are NotifySlack's.
    """
    phase = phases.of(run, settings, now)
    sentences = [sentence for sentence in phase.sentences if sentence]
    links = fields.links(run, execution_arn, settings["region"])
    urls = [link.url for link in (phase.link, links[0]) if link]
    text = "\n".join([f"{settings['pipeline']}: {phase.title}", *sentences, *urls])
    title = f"{settings['environment']}/{settings['pipeline']}: {phase.title}"
    return Message(escaped(text), blocks(title, sentences, fields.fields(run), links), phase.loud)

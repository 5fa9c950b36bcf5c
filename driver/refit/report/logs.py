"""Formats the log of a run as text and as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from refit.runs.logs import Line, RunLog
from refit.safe_output import plain, visible_json

KNOWN = ("state", "run", "outcome", "message", "milliseconds")
"""The fields that the Lambdas log for every invocation (lambdas/aws/handler.py)."""


def text(log: RunLog) -> Iterator[str]:
    """One line of text per line of the log: time in UTC, source, message. Ends with the sources that were cut."""
    width = max((len(line.source) for line in log.lines), default=0)
    for line in log.lines:
        at = line.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        yield f"{at}Z  {line.source:<{width}}  {plain(_message(line))}".rstrip()
    if log.cut:
        yield f"… more lines of {', '.join(log.cut)} are in CloudWatch; use --limit to show more"


def json_lines(log: RunLog) -> Iterator[str]:
    """One JSON object per line: `time`, `source`, and `message` or, if the line is JSON itself, `fields`."""
    return (visible_json(json.dumps(line.document(), ensure_ascii=False)) for line in log.lines)


def _message(line: Line) -> str:
    if line.fields is None or "state" not in line.fields:
        return line.message
    return _invocation(line.fields)


def _invocation(fields: Mapping[str, Any]) -> str:
    """The line of a Lambda: its outcome, its duration, and why it failed."""
    outcome = fields.get("outcome", "")
    shown = ", ".join(map(str, outcome)) if isinstance(outcome, list) else str(outcome)
    parts = [shown, f"{fields.get('milliseconds', '?')} ms", str(fields.get("message", ""))]
    more = [f"{name}={value}" for name, value in fields.items() if name not in KNOWN]
    return "  ".join(part for part in (*parts, *more) if part)

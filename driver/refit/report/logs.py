"""A run's log as text, one line a line, and as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from refit.report.terminal import plain
from refit.runs.logs import Line, RunLog

KNOWN = ("state", "run", "outcome", "message", "milliseconds")
"""What the Lambdas say of every invocation (lambdas/aws/handler.py)."""


def text(log: RunLog) -> Iterator[str]:
    """The lines for people: the instant in UTC, the source, what it said. Ends with what was left out, if anything."""
    width = max((len(line.source) for line in log.lines), default=0)
    for line in log.lines:
        at = line.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        yield f"{at}Z  {line.source:<{width}}  {plain(_said(line))}".rstrip()
    if log.cut:
        yield f"… {', '.join(log.cut)} said more; its log group has all of it"


def json_lines(log: RunLog) -> Iterator[str]:
    """One JSON object a line: `time`, `source`, and `message` or, for a line that is JSON itself, `fields`."""
    return (json.dumps(line.document(), ensure_ascii=False) for line in log.lines)


def _said(line: Line) -> str:
    if line.fields is None or "state" not in line.fields:
        return line.message
    return _invocation(line.fields)


def _invocation(fields: Mapping[str, Any]) -> str:
    """A Lambda's line: the outcome, how long it took, and why it failed."""
    parts = [str(fields.get("outcome", "")), f"{fields.get('milliseconds', '?')} ms", str(fields.get("message", ""))]
    more = [f"{name}={value}" for name, value in fields.items() if name not in KNOWN]
    return "  ".join(part for part in (*parts, *more) if part)

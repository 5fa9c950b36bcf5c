"""Reads timestamps: RFC 3339 with an upper-case T, and Z or an offset, as Step Functions takes them.

https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

SHAPE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", re.ASCII)

Instant = tuple[datetime, int]
"""A whole second in UTC, and nanoseconds after it. Instants compare as points in time."""


def parse(text: object) -> Instant | None:
    """The instant that `text` names; None if it is not a timestamp."""
    found = SHAPE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    second, fraction, zone = found.groups()
    try:
        moment = datetime.fromisoformat(second + ("+00:00" if zone == "Z" else zone)).astimezone(UTC)
    except (ValueError, OverflowError):  # there is no such day or time
        return None
    return moment, int((fraction or "").ljust(9, "0"))

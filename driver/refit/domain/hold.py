"""Parses and describes a hold, with which a user keeps the live model in place even if new data arrives. Pure."""

from __future__ import annotations

import json
from contextlib import suppress

from refit.domain.run_document import Hold
from refit.domain.setting_values import NOT_HELD

UNKNOWN: Hold = {"by": "an unknown user", "since": "an unknown time", "reason": "no reason given"}
"""The defaults for fields that a hold omits."""


def parse(text: str) -> Hold | None:
    """Parses the hold parameter; None if there is no hold. Missing fields get defaults. Raises ValueError."""
    if text == NOT_HELD:
        return None
    with suppress(ValueError):
        found = json.loads(text)
        if isinstance(found, dict):
            by, since, reason = (str(found.get(field) or default) for field, default in UNKNOWN.items())
            return {"by": by, "since": since, "reason": reason}
    raise ValueError(f'{text!r} is not a hold; write "{NOT_HELD}", or a JSON object with by, since and reason')


def describe(held: Hold) -> str:
    """A text that says who holds the pipeline, since when and why."""
    return f"held by {held['by']} since {held['since']}: {held['reason']}"


def reason(held: Hold, pipeline: str) -> str:
    """A text that says who holds `pipeline` (<environment>/<pipeline>), since when and why, and how to release it."""
    return f"{describe(held)}; release it: refit release {pipeline}"

"""The definition of a state machine that succeeds at once, or of other states."""

from __future__ import annotations

import json
from typing import Any

DONE = {"Done": {"Type": "Succeed"}}


def definition(states: dict[str, Any] | None = None, **fields: Any) -> str:
    """The definition with these states, which begins with the first."""
    states = states or DONE
    return json.dumps({"StartAt": next(iter(states)), "States": states, **fields})

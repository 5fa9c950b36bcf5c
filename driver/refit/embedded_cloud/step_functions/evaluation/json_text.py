"""Writes JSON as Step Functions does in causes, and in the output of intrinsic functions."""

from __future__ import annotations

import json
from typing import Any


def compact(value: Any) -> str:
    """`value` as JSON text without spaces; letters outside ASCII are kept."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

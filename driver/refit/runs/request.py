"""A run that is to be started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Run:
    """The execution that carries the action out: its name, and the event that is its input."""

    name: str
    event: Mapping[str, Any]


NOT_STARTED = "not started"

"""The input of an execution → what a run is asked for. Pure; says what to write instead of what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lambdas.contract import InvalidEvent
from lambdas.window import parse_instant

MAX_COMMIT = 256


@dataclass(frozen=True)
class Trigger:
    """What an event asks for. `time` is UTC; `window` is its detail.window, unread."""

    time: datetime
    window: Mapping[str, Any] | None
    commit: str | None
    force: bool
    redeploy: bool


def read(event: object, started_at: str) -> Trigger:
    """An EventBridge-shaped event, or any object with the same optional fields; no time means `started_at`.

    Raises InvalidEvent. Other fields are nobody's business here: a rule's own events carry many.
    """
    if not isinstance(event, Mapping):
        raise InvalidEvent('the input is not an object; write {} or {"time": "2026-11-22T06:00:00Z", "detail": {}}')
    detail = event.get("detail") or {}
    if not isinstance(detail, Mapping):
        raise InvalidEvent("detail: write an object, or leave it out")
    commit, window = detail.get("commit"), detail.get("window")
    force, redeploy = _flag(detail, "force"), _flag(detail, "redeploy")
    if commit is not None and not (isinstance(commit, str) and 0 < len(commit) <= MAX_COMMIT):
        raise InvalidEvent(f"detail.commit: write text of 1 to {MAX_COMMIT} characters, or leave it out")
    if redeploy and (force or window is not None):
        raise InvalidEvent("detail.redeploy: nothing is trained, so leave out detail.window and detail.force")
    try:
        time = parse_instant(event.get("time") or started_at)
    except ValueError as error:
        raise InvalidEvent(f"time: {error}") from error
    return Trigger(time, window, commit, force, redeploy)


def _flag(detail: Mapping[str, Any], name: str) -> bool:
    value = detail.get(name, False)
    if not isinstance(value, bool):
        raise InvalidEvent(f"detail.{name}: write true or false")
    return value

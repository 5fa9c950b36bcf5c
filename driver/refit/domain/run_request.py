"""The input of an execution → what a run is asked for. Pure; says what to write instead of what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from refit.domain.errors import InvalidEvent
from refit.domain.window import parse_instant

MAX_COMMIT = 256
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html
MAX_MODEL = 63


@dataclass(frozen=True)
class Trigger:
    """What an event asks for. `time` is UTC; `window` is its detail.window, unread; `rollback` names a model."""

    time: datetime
    window: Mapping[str, Any] | None
    commit: str | None
    force: bool
    train_only: bool
    redeploy: bool
    rollback: str | None


def read(event: object, started_at: str) -> Trigger:
    """An EventBridge-shaped event, or any object with the same optional fields; no time means `started_at`.

    Raises InvalidEvent. Other fields are nobody's business here: a rule's own events carry many.
    """
    if not isinstance(event, Mapping):
        raise InvalidEvent('the input is not an object; write {} or {"time": "2026-11-22T06:00:00Z", "detail": {}}')
    detail = event.get("detail") or {}
    if not isinstance(detail, Mapping):
        raise InvalidEvent("detail: write an object, or leave it out")
    window = detail.get("window")
    commit, rollback = _text(detail, "commit", MAX_COMMIT), _text(detail, "rollback", MAX_MODEL)
    force, train_only, redeploy = (_flag(detail, name) for name in ("force", "train_only", "redeploy"))
    if redeploy and rollback is not None:
        raise InvalidEvent("detail.redeploy and detail.rollback: leave one out, each names a model to deploy")
    for name, asked in (("redeploy", redeploy), ("rollback", rollback is not None)):
        if asked and (window is not None or force or train_only):
            others = "detail.window, detail.force and detail.train_only"
            raise InvalidEvent(f"detail.{name}: nothing is trained, so leave out {others}")
    try:
        time = parse_instant(event.get("time") or started_at)
    except ValueError as error:
        raise InvalidEvent(f"time: {error}") from error
    return Trigger(time, window, commit, force, train_only, redeploy, rollback)


def _text(detail: Mapping[str, Any], name: str, most: int) -> str | None:
    value = detail.get(name)
    if value is not None and not (isinstance(value, str) and 0 < len(value) <= most):
        raise InvalidEvent(f"detail.{name}: write text of 1 to {most} characters, or leave it out")
    return value


def _flag(detail: Mapping[str, Any], name: str) -> bool:
    value = detail.get(name, False)
    if not isinstance(value, bool):
        raise InvalidEvent(f"detail.{name}: write true or false")
    return value

"""Builds and reads the input of an execution: the event that requests a run. Pure.

`event` builds it, for the driver; `read` checks it, for CheckData. The error messages suggest a correction.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from refit.domain.errors import InvalidEvent
from refit.domain.window import parse_instant

ARRIVAL_SOURCE = "refit.arrival"
"""The `source` of the event of a run that starts because data has arrived."""
MAX_COMMIT = 256
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html
MAX_MODEL = 63
MODEL = re.compile("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")


@dataclass(frozen=True)
class Trigger:
    """The contents of an event. `time` is UTC; `window` is its unparsed detail.window; `rollback` is a model's name."""

    time: datetime
    window: Mapping[str, Any] | None
    commit: str | None
    force: bool
    train_only: bool
    redeploy: bool
    rollback: str | None


def event(
    time: datetime,
    *,
    window: tuple[date, date] | None = None,
    commit: str | None = None,
    force: bool = False,
    train_only: bool = False,
    redeploy: bool = False,
    rollback: str | None = None,
) -> dict[str, Any]:
    """The input that the schedule sends at `time` (any instant with a zone), with overrides for CheckData.

    `window` is inclusive. `force` retrains even without a newer day; `train_only` trains without deploying; `redeploy`
    deploys the live model with the endpoint's new settings and trains nothing; `rollback` deploys that model of an
    earlier run and trains nothing. Raises ValueError(message, hint) if these contradict each other, or if `rollback`
    cannot be the name of a model.
    """
    if redeploy and rollback is not None:
        raise ValueError("redeploy deploys the live model again, and rollback another one", "leave one out")
    for option, requested in (("redeploy", redeploy), ("rollback", rollback is not None)):
        if requested and (window or force or train_only):
            raise ValueError(f"{option} trains nothing", f"leave out window, force and train-only, or {option}")
    if rollback is not None and not MODEL.fullmatch(rollback):
        hint = "write a name that `refit history` shows, such as home-prices-20261122-0a1b2c3d"
        raise ValueError(f"rollback: {rollback!r} is not the name of a model", hint)
    overrides = {
        "redeploy": redeploy or None,
        "rollback": rollback,
        "window": {"start": window[0].isoformat(), "end": window[1].isoformat()} if window else None,
        "commit": commit or None,
        "force": force or None,
        "train_only": train_only or None,
    }
    detail = {name: value for name, value in overrides.items() if value is not None}
    return {"source": "refit.schedule", "time": instant(time), "detail": detail}


def instant(time: datetime) -> str:
    """`2026-11-22T06:00:00Z`: an instant as events contain it, in UTC and whole seconds."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(event: object, started_at: str) -> Trigger:
    """An EventBridge event, or any object with the same optional fields. Without a time, `started_at` is used.

    Raises InvalidEvent. Other fields are ignored, because the events of a rule contain many.
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
        raise InvalidEvent("detail.redeploy and detail.rollback: leave one out, because they deploy different models")
    for name, requested in (("redeploy", redeploy), ("rollback", rollback is not None)):
        if requested and (window is not None or force or train_only):
            others = "detail.window, detail.force and detail.train_only"
            raise InvalidEvent(f"detail.{name}: leave out {others}, because nothing is trained")
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

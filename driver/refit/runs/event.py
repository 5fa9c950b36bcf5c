"""`refit event`: the JSON that a scheduled event carries, for starting a run by hand."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from refit.errors import RefitError

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html
MODEL = re.compile("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")


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
    """An execution's input: what the schedule sends at `time`, with the overrides that CheckData honours.

    `window` is inclusive, `time` is any instant with a zone. `force` retrains although no newer day has arrived;
    `train_only` trains and deploys nothing; `redeploy` trains nothing and puts the model that serves on the endpoint's
    new settings; `rollback` trains nothing and deploys that model of an earlier run. Raises RefitError when they do not
    go together, or when `rollback` cannot be a model's name.
    """
    if redeploy and rollback is not None:
        raise RefitError("--redeploy and --rollback each name a model to deploy", "leave one out")
    for option, asked in (("--redeploy", redeploy), ("--rollback", rollback is not None)):
        if asked and (window or force or train_only):
            raise RefitError(f"{option} trains nothing", f"leave out --window, --force and --train-only, or {option}")
    if rollback is not None and not MODEL.fullmatch(rollback):
        hint = "write the name that `refit history` shows, such as home-prices-20261122-0a1b2c3d"
        raise RefitError(f"--rollback {rollback} is not the name of a model", hint)
    detail: dict[str, Any] = {"redeploy": True} if redeploy else {}
    if rollback is not None:
        detail["rollback"] = rollback
    if window:
        detail["window"] = {"start": window[0].isoformat(), "end": window[1].isoformat()}
    if commit:
        detail["commit"] = commit
    if force:
        detail["force"] = True
    if train_only:
        detail["train_only"] = True
    return {"source": "refit.schedule", "time": instant(time), "detail": detail}


def instant(time: datetime) -> str:
    """`2026-11-22T06:00:00Z`: how events write an instant, in UTC and whole seconds."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

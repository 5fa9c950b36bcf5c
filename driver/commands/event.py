"""`refit event`: the JSON that a scheduled event carries, for starting a run by hand."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

from driver.errors import RefitError


def event(
    time: datetime,
    *,
    window: tuple[date, date] | None = None,
    commit: str | None = None,
    force: bool = False,
    redeploy: bool = False,
) -> dict[str, Any]:
    """An execution's input: what the schedule sends at `time`, with the overrides that CheckData honours.

    `window` is inclusive, `time` is any instant with a zone. `force` retrains although no newer day has arrived;
    `redeploy` trains nothing and puts the model that serves on the endpoint's new settings. Raises RefitError when
    `redeploy` is asked for together with a training.
    """
    if redeploy and (window or force):
        raise RefitError("--redeploy trains nothing", "leave out --window and --force, or --redeploy")
    detail: dict[str, Any] = {"redeploy": True} if redeploy else {}
    if window:
        detail["window"] = {"start": window[0].isoformat(), "end": window[1].isoformat()}
    if commit:
        detail["commit"] = commit
    if force:
        detail["force"] = True
    return {"source": "refit.schedule", "time": instant(time), "detail": detail}


def instant(time: datetime) -> str:
    """`2026-11-22T06:00:00Z`: how events write an instant, in UTC and whole seconds."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: str) -> datetime:
    """An ISO 8601 instant with its zone. Raises RefitError for anything else: a run's day must not be a guess."""
    with suppress(ValueError):
        time = datetime.fromisoformat(text)
        if time.tzinfo:
            return time
    raise RefitError(f"--time {text} is not an instant with a time zone", "write 2026-11-22T06:00:00Z")


def parse_day(text: str, option: str) -> date:
    """A strict YYYY-MM-DD date. Raises RefitError."""
    with suppress(ValueError):
        day = date.fromisoformat(text)
        # fromisoformat also reads 20261122 and 2026-W47-7.
        if day.isoformat() == text:
            return day
    raise RefitError(f"{option} {text} is not a date", "write it as YYYY-MM-DD, such as 2026-11-22")


def parse_window(text: str) -> tuple[date, date]:
    """`START..END`, both inclusive. Raises RefitError when it is not that, or when the end comes first."""
    start, separator, end = text.partition("..")
    if not separator:
        raise RefitError(f"--window {text} is not a window", "write 2026-11-16..2026-11-22, both days included")
    window = parse_day(start, "--window"), parse_day(end, "--window")
    if window[0] > window[1]:
        raise RefitError(f"--window {text} ends before it starts", f"write {end}..{start}")
    return window

"""A clock for NotifySlack that only moves when it sleeps, or when a call to Slack times out.

Tests of time limits therefore give the same result however busy the machine is.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.error import URLError

import pytest
from slack_sdk.web import WebClient


class Clock:
    """Seconds since the start of a test, and the waits of slack_sdk."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def installed(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Makes NotifySlack and slack_sdk use the clock until the test ends."""
    clock = Clock()

    class Client(WebClient):
        def api_call(self, *args: Any, **kwargs: Any) -> Any:
            try:
                return super().api_call(*args, **kwargs)
            except (TimeoutError, URLError) as error:
                if isinstance(getattr(error, "reason", error), TimeoutError):
                    clock.now += self.timeout
                raise

    time = SimpleNamespace(monotonic=clock.monotonic, sleep=clock.sleep)
    for module in ("lambdas.notify_slack", "lambdas.slack.api"):
        monkeypatch.setattr(f"{module}.time", time)
    for module in ("handler", "builtin_handlers"):
        monkeypatch.setattr(f"slack_sdk.http_retry.{module}.time", time)
    monkeypatch.setattr("lambdas.slack.api.WebClient", Client)
    return clock

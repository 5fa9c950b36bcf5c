"""When a call to Slack is tried again: for rate limits, server errors and broken connections, while time remains.

slack_sdk's own handlers sleep whatever Retry-After says; these ask first whether that wait still fits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from slack_sdk.http_retry import HttpResponse, RetryHandler, RetryState
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

MAX_RETRIES = 3
MAX_JITTER_SECONDS = 1
"""What slack_sdk adds at most to a wait."""

Fits = Callable[[float], bool]
"""Whether a wait of so many seconds, and one more attempt after it, end in time."""


class Within(RetryHandler):
    """Another handler, but no wait that does not fit."""

    def __init__(self, inner: RetryHandler, fits: Fits) -> None:
        super().__init__(inner.max_retry_count, inner.interval_calculator)
        self._inner = inner
        self._fits = fits

    def can_retry(self, *, state: RetryState, response: HttpResponse | None = None, **call: Any) -> bool:
        wanted = self._inner.can_retry(state=state, response=response, **call)
        return wanted and self._fits(longest_wait(state.current_attempt, response))

    def prepare_for_next_attempt(self, **call: Any) -> None:
        self._inner.prepare_for_next_attempt(**call)


def handlers(fits: Fits) -> list[RetryHandler]:
    """The handlers of one call."""
    return [
        Within(RateLimitErrorRetryHandler(MAX_RETRIES), fits),
        Within(ServerErrorRetryHandler(MAX_RETRIES), fits),
        Within(ConnectionErrorRetryHandler(MAX_RETRIES), fits),
    ]


def longest_wait(attempt: int, response: HttpResponse | None) -> float:
    """The seconds that slack_sdk may sleep before the next attempt; infinite for a Retry-After that is no number."""
    if response is not None and response.status_code == 429:
        given = {name.lower(): value[0] for name, value in response.headers.items()}.get("retry-after", "1")
        return int(given) + MAX_JITTER_SECONDS if given.isdecimal() else math.inf
    return math.ldexp(0.5, attempt) + MAX_JITTER_SECONDS

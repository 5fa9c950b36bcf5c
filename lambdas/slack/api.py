"""Calls Slack's Web API within a time limit, and returns the reason of a failure as one word."""

from __future__ import annotations

import logging
import math
import os
import re
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.error import URLError

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import HttpResponse, RetryHandler, RetryState
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.web import WebClient

POST = "chat.postMessage"
UPDATE = "chat.update"

OK = "ok"
ATTEMPT_SECONDS = 5
MARGIN_SECONDS = 1
MAX_RETRIES = 3
CODE = re.compile("[a-z0-9_]{1,80}")
MAX_JITTER_SECONDS = 1
"""The maximum jitter, in seconds, that slack_sdk adds to a wait."""


SILENT = logging.getLogger("lambdas.slack.silent")
"""The logger given to slack_sdk, which logs headers and error messages that contain the token."""
SILENT.disabled = True
SILENT.setLevel(logging.CRITICAL + 1)


class Result(NamedTuple):
    """The result of a call: `reason` is `ok`, Slack's error code or a word of `reason_of`.

    The rest describes the message that Slack accepted: the channel's ID, the message, and the thread of a reply.
    """

    reason: str
    channel: str = ""
    ts: str = ""
    thread: str | None = None


class BoundedRetry(RetryHandler):
    """A retry handler of slack_sdk without waits beyond the time limit: slack_sdk would sleep for any Retry-After."""

    def __init__(self, inner: RetryHandler, fits: Callable[[float], bool]) -> None:
        super().__init__(inner.max_retry_count, inner.interval_calculator)
        self._inner = inner
        self._fits = fits

    def can_retry(self, *, state: RetryState, response: HttpResponse | None = None, **call: Any) -> bool:
        retryable = self._inner.can_retry(state=state, response=response, **call)
        return retryable and self._fits(longest_wait(state.current_attempt, response))

    def prepare_for_next_attempt(self, **call: Any) -> None:
        self._inner.prepare_for_next_attempt(**call)


def longest_wait(attempt: int, response: HttpResponse | None) -> float:
    """The longest time that slack_sdk sleeps before the next attempt; infinite if Retry-After is not a number."""
    if response is not None and response.status_code == 429:
        retry_after = {name.lower(): value[0] for name, value in response.headers.items()}.get("retry-after", "1")
        return int(retry_after) + MAX_JITTER_SECONDS if retry_after.isdecimal() else math.inf
    return math.ldexp(0.5, attempt) + MAX_JITTER_SECONDS


def call(token: str, method: str, arguments: Mapping[str, object], seconds: float) -> Result:
    """Calls `method`, which posts or updates a message, and returns within `seconds`.

    Never raises an error, whatever Slack (or a proxy before it) answers: the result contains the reason of the failure.
    """
    deadline = time.monotonic() + seconds - MARGIN_SECONDS

    def fits(wait: float) -> bool:
        return time.monotonic() + wait + ATTEMPT_SECONDS <= deadline

    first = min(ATTEMPT_SECONDS, int(seconds - MARGIN_SECONDS))
    if first < 1:
        return Result("timeout")
    retried = (RateLimitErrorRetryHandler, ServerErrorRetryHandler, ConnectionErrorRetryHandler)
    client = WebClient(
        token,
        base_url=os.environ.get("SLACK_API_URL") or WebClient.BASE_URL,
        timeout=first,
        retry_handlers=[BoundedRetry(handler(MAX_RETRIES), fits) for handler in retried],
        logger=SILENT,
    )
    try:
        return _sent(client.api_call(method, json=dict(arguments)).data)
    except Exception as error:
        return Result(reason_of(error))


def _sent(answer: object) -> Result:
    """The message in Slack's answer, which may be any JSON."""
    if not isinstance(answer, dict):
        return Result("invalid_response")
    channel, ts, message = answer.get("channel"), answer.get("ts"), answer.get("message")
    thread = message.get("thread_ts") if isinstance(message, dict) else None
    if not (channel and isinstance(channel, str) and ts and isinstance(ts, str) and isinstance(thread, str | None)):
        return Result("invalid_response")
    return Result(OK, channel, ts, thread)


def reason_of(error: Exception) -> str:
    """Why a call to Slack failed, in one word.

    Slack's error code, `timeout`, `unreachable`, `invalid_response` or `http_<status>`.
    """
    if isinstance(error, SlackApiError):
        status, data = error.response.status_code, error.response.data
        error_code = str(data.get("error", "")) if isinstance(data, dict) else ""
        # If the body is not JSON but, for example, a proxy's page, slack_sdk puts a sentence here.
        if CODE.fullmatch(error_code):
            return error_code
        return "invalid_response" if status == 200 else f"http_{status}"
    if isinstance(error, URLError) and isinstance(error.reason, TimeoutError):
        return "timeout"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, (OSError, HTTPException)):
        return "unreachable"
    # slack_sdk parses a body that starts like JSON before it checks anything else. The answer can be any JSON, at which
    # slack_sdk raises an AttributeError, a TypeError, a RecursionError …
    return "invalid_response"

"""Posts one message to Slack within the time an invocation has left, and says why when it cannot.

The token is read from AWS at run time, kept in this process's memory only, and never logged or returned.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import WebClient

from lambdas import clients
from lambdas.slack_retries import handlers

ATTEMPT_SECONDS = 5
MARGIN_SECONDS = 1
ROTATED = frozenset({"invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""What Slack answers to a token that was good once: worth one look at whether there is a newer one."""

Remaining = Callable[[], float]


@cache
def token(parameter: str | None, secret: str | None) -> str:
    """The bot token, from an SSM SecureString or from Secrets Manager. Raises ClientError."""
    if parameter is not None:
        return clients.ssm().get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"]
    return str(clients.secretsmanager().get_secret_value(SecretId=secret)["SecretString"])


def post(slack: Mapping[str, Any], text: str, remaining: Remaining) -> dict[str, object]:
    """Posts `text` to `slack["channel"]`; `remaining` gives the invocation's seconds.

    {"posted": True, "reason": "ok", "channel", "ts"}, or {"posted": False, "reason"} with Slack's error code,
    `timeout`, `unreachable` or `http_<status>`. Raises ClientError alone, when the token cannot be read.
    """
    where = slack["token_parameter"], slack["token_secret"]
    current = token(*where)
    answer = _send(current, slack["channel"], text, remaining)
    if answer["reason"] in ROTATED:
        token.cache_clear()
        fresh = token(*where)
        if fresh != current:
            answer = _send(fresh, slack["channel"], text, remaining)
    return answer


def _send(secret: str, channel: str, text: str, remaining: Remaining) -> dict[str, object]:
    deadline = time.monotonic() + remaining() - MARGIN_SECONDS

    def left() -> float:
        return deadline - time.monotonic()

    if left() < 1:
        return {"posted": False, "reason": "timeout"}
    client = WebClient(
        secret,
        base_url=os.environ.get("SLACK_API_URL") or WebClient.BASE_URL,
        timeout=min(ATTEMPT_SECONDS, int(left())),
        retry_handlers=handlers(lambda wait: wait + ATTEMPT_SECONDS <= left()),
    )
    try:
        sent = client.chat_postMessage(channel=channel, text=text, mrkdwn=False, unfurl_links=False, unfurl_media=False)
    except SlackApiError as error:
        return {"posted": False, "reason": _code(error)}
    except TimeoutError:
        return {"posted": False, "reason": "timeout"}
    except URLError as error:
        return {"posted": False, "reason": "timeout" if isinstance(error.reason, TimeoutError) else "unreachable"}
    except (OSError, HTTPException):
        return {"posted": False, "reason": "unreachable"}
    except (SlackClientError, ValueError):
        return {"posted": False, "reason": "invalid_response"}
    return {"posted": True, "reason": "ok", "channel": sent["channel"], "ts": sent["ts"]}


def _code(error: SlackApiError) -> str:
    """Slack's own error code; `http_<status>` for an answer that is not Slack's."""
    response = error.response
    if response.status_code >= 500 or not isinstance(response.data, dict):
        return f"http_{response.status_code}"
    return str(response.data.get("error", f"http_{response.status_code}"))

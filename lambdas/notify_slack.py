"""NotifySlack: posts the run's progress to a Slack channel. Slack's failures never change the outcome of the run."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws.errors import code, is_transient
from lambdas.aws.handler import state
from lambdas.slack import api as slack
from lambdas.slack import message as messages
from lambdas.slack import thread
from lambdas.slack import token as slack_token
from refit.domain.slack_token import UnusableToken

CAUSED_BY_TOKEN = frozenset(
    {
        "access_denied",
        "account_inactive",
        "channel_not_found",  # the token of another workspace
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "not_in_channel",  # the token of another bot
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""Slack's errors that a wrong or rotated token causes: the token is read again once, in case it was replaced.

https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""


@state("NotifySlack", outcome="reason")
def handler(event: dict[str, Any], context: Any) -> dict[str, object]:
    """`{run, execution, settings}` → {"posted", "reason", …}; `run` is only the event if CheckData itself failed.

    `channel` and `ts` in the result identify the run's thread; the next invocation finds them in `run["slack"]`.
    Raises only Throttled, for the state machine to retry, if AWS does not return the token.
    """
    settings = event["settings"]
    if settings["slack"] is None:
        return {"posted": False, "reason": "disabled"}
    run = event["run"]
    if run.get("train_only"):
        return {"posted": False, "reason": "train_only"}
    message = messages.message(run, event["execution"]["arn"], settings, datetime.now(UTC))
    send = _sender(settings["slack"], context)
    return thread.post(send, settings["slack"]["channel"], thread.parent_of(run.get("slack")), message)


def _sender(settings: Mapping[str, Any], context: Any) -> thread.Send:
    """A function that calls Slack with the pipeline's token, within the remaining time of the invocation."""
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000
    where = settings["token_parameter"], settings["token_secret"]

    def send(method: str, arguments: Mapping[str, object], share: float) -> slack.Result:
        ends = time.monotonic() + share * (deadline - time.monotonic())
        try:
            token = slack_token.read(*where)
            result = slack.call(token, method, arguments, ends - time.monotonic())
            if result.reason in CAUSED_BY_TOKEN:
                slack_token.forget()
                fresh = slack_token.read(*where)
                if fresh != token:
                    result = slack.call(fresh, method, arguments, ends - time.monotonic())
        except ClientError as error:
            if is_transient(error):
                raise
            return slack.Result(f"no token: {code(error)}")
        except UnusableToken as error:
            return slack.Result(f"no token: {error}")
        return result

    return send

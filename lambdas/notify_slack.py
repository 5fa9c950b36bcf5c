"""NotifySlack: tells a channel what the run has come to. Whatever Slack does, the run goes on as it would have."""

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

ROTATED = frozenset({"invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""Slack's answers to a token that was good once: worth one look at whether there is a newer one."""


@state("NotifySlack", outcome="reason")
def handler(event: dict[str, Any], context: Any) -> dict[str, object]:
    """`{run, execution, settings}` → {"posted", "reason", …}; `run` may be the bare event of a CheckData that failed.

    `channel` and `ts` of the answer are those of the run's thread, which the next call finds in `run["slack"]`.
    Raises Throttled alone, for the state machine to try again, when AWS does not hand out the token.
    """
    settings = event["settings"]
    if settings["slack"] is None:
        return {"posted": False, "reason": "disabled"}
    run = event["run"]
    if run.get("train_only"):
        return {"posted": False, "reason": "train_only"}
    message = messages.message(run, event["execution"]["arn"], settings, datetime.now(UTC))
    send = _sender(settings["slack"], context)
    return thread.say(send, settings["slack"]["channel"], thread.parent_of(run.get("slack")), message)


def _sender(settings: Mapping[str, Any], context: Any) -> thread.Send:
    """Calls Slack with the pipeline's token, within what the invocation has left."""
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000
    where = settings["token_parameter"], settings["token_secret"]

    def send(method: str, arguments: Mapping[str, object], share: float) -> slack.Answer:
        ends = time.monotonic() + share * (deadline - time.monotonic())
        try:
            token = slack_token.read(*where)
            answer = slack.call(token, method, arguments, ends - time.monotonic())
            if answer.reason in ROTATED:
                slack_token.forget()
                fresh = slack_token.read(*where)
                if fresh != token:
                    answer = slack.call(fresh, method, arguments, ends - time.monotonic())
        except ClientError as error:
            if is_transient(error):
                raise
            return slack.Answer(f"no token: {code(error)}")
        return answer

    return send

"""NotifySlack: tells a channel what the run has come to. Whatever Slack does, the run goes on as it would have."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from lambdas import messages, slack, slack_token
from lambdas.boundary import code, is_passing, state

ROTATED = frozenset({"invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""Slack's answers to a token that was good once: worth one look at whether there is a newer one."""


@state("NotifySlack", outcome="reason")
def handler(event: dict[str, Any], context: Any) -> dict[str, object]:
    """`{run, execution, settings}` → {"posted", "reason", …}; `run` may be the bare event of a CheckData that failed.

    Raises Throttled alone, for the state machine to try again, when AWS does not hand out the token.
    """
    settings = event["settings"]
    if settings["slack"] is None:
        return {"posted": False, "reason": "disabled"}
    text = messages.text(event["run"], event["execution"]["arn"], settings["pipeline"], settings["region"])
    channel, where = (
        settings["slack"]["channel"],
        (settings["slack"]["token_parameter"], settings["slack"]["token_secret"]),
    )
    try:
        token = slack_token.read(*where)
        answer = slack.post(token, channel, text, _seconds(context))
        if answer["reason"] in ROTATED:
            slack_token.forget()
            fresh = slack_token.read(*where)
            if fresh != token:
                answer = slack.post(fresh, channel, text, _seconds(context))
    except ClientError as error:
        if is_passing(error):
            raise
        return {"posted": False, "reason": f"no token: {code(error)}"}
    return answer


def _seconds(context: Any) -> float:
    return float(context.get_remaining_time_in_millis() / 1000)

"""NotifySlack: tells a channel what the run has come to. Whatever Slack does, the run goes on as it would have."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from lambdas import messages, slack
from lambdas.boundary import code, is_passing, state


@state("NotifySlack", outcome="reason")
def handler(event: dict[str, Any], context: Any) -> dict[str, object]:
    """`{run, execution, settings}` → {"posted", "reason", …}; `run` may be the bare event of a CheckData that failed.

    Raises Throttled alone, for the state machine to try again, when AWS does not hand out the token.
    """
    settings = event["settings"]
    if settings["slack"] is None:
        return {"posted": False, "reason": "disabled"}
    text = messages.text(event["run"], event["execution"]["arn"], settings["pipeline"], settings["region"])
    try:
        return slack.post(settings["slack"], text, lambda: context.get_remaining_time_in_millis() / 1000)
    except ClientError as error:
        if is_passing(error):
            raise
        return {"posted": False, "reason": f"no token: {code(error)}"}

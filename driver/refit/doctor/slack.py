"""Checks a pipeline's Slack token: reads it like the Lambdas, and calls auth.test. Never prints the token.

https://docs.slack.dev/reference/methods/auth.test
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from refit.aws.session import Aws, calling
from refit.doctor.results import Check, not_checked, not_ok, ok
from refit.domain.slack_token import UnusableToken, checked, of_secret
from refit.errors import NotFound, RefitError
from refit.loopback import leads_here
from refit.pipeline.model import Pipeline
from refit.pipeline.schema.slack import Slack

SUBJECT = "Slack token"
API = "https://slack.com/api/"
SECONDS = 10.0
PERMANENT = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "not_allowed_token_type", "token_expired", "token_revoked"}
)
"""Errors that only another token can resolve."""


def check(pipeline: Pipeline, aws: Aws, api: str = API) -> Check:
    """Whether the token can be read and Slack accepts it. `api` is the address of Slack's Web API."""
    if pipeline.slack is None:
        return not_checked(SUBJECT, "the pipeline does not report to Slack")
    store = _command_to_store(pipeline.slack, aws.region)
    try:
        token = _read(pipeline.slack, aws)
    except NotFound as error:
        return not_ok(SUBJECT, str(error), store)
    except UnusableToken as error:
        return not_ok(SUBJECT, f"the stored value is not a token: {error}", store)
    except RefitError as error:
        # The user may lack permissions that the Lambda has.
        return not_checked(SUBJECT, str(error), "use credentials that may read the token")
    try:
        answer = _auth_test(api, token)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = f"HTTP {error.code}" if isinstance(error, urllib.error.HTTPError) else type(error).__name__
        return not_checked(SUBJECT, f"Slack could not be reached: {reason}", "try again, or check the network")
    if answer.get("ok") is True:
        channel = f"invite the bot to #{pipeline.slack.channel} if it is not a member"
        return ok(SUBJECT, f"{answer.get('user')} in {answer.get('team')}; {channel}")
    code = str(answer.get("error", "no reason"))
    if code in PERMANENT:
        return not_ok(SUBJECT, f"Slack rejects the token: {code}", store)
    return not_checked(SUBJECT, f"Slack returned {code}", "try again")


def _read(slack: Slack, aws: Aws) -> str:
    with calling("read the Slack token"):
        if slack.token_parameter is not None:
            return checked(aws.ssm.get_parameter(Name=slack.token_parameter, WithDecryption=True)["Parameter"]["Value"])
        return of_secret(aws.client("secretsmanager").get_secret_value(SecretId=slack.token_secret))


def _command_to_store(slack: Slack, region: str) -> str:
    """The command that stores a token. It reads the token from a prompt, to keep it out of the shell's history."""
    if slack.token_parameter is not None:
        put = f"aws ssm put-parameter --name {slack.token_parameter} --type SecureString --overwrite --region {region}"
        return f'read -rs TOKEN && {put} --value "$TOKEN"'
    put = f"aws secretsmanager put-secret-value --secret-id {slack.token_secret} --region {region}"
    return f'read -rs TOKEN && {put} --secret-string "$TOKEN"'


def _auth_test(api: str, token: str) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 - https, or the embedded cloud on this machine
        f"{api}auth.test", data=b"", headers={"Authorization": f"Bearer {token}"}, method="POST"
    )
    proxies: dict[str, str] | None = {} if leads_here(api) else None  # None: those of the environment
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
    with opener.open(request, timeout=SECONDS) as response:
        answer = json.load(response)
    if not isinstance(answer, dict):
        raise ValueError
    return answer

"""Reads the Slack bot token from AWS at run time, and keeps it only in memory: it is never logged or returned."""

from __future__ import annotations

from functools import cache

from lambdas.aws import clients
from refit.domain.slack_token import checked, of_secret


@cache
def read(parameter: str | None, secret: str | None) -> str:
    """The token from the SSM SecureString `parameter`, or else from the Secrets Manager `secret`.

    Raises ClientError and UnusableToken.
    Cached until `forget` is called, because tokens are rotated rarely and a process sends many messages. A value that
    is not a token is not cached: it is read again for the next message, in case it was corrected.
    """
    if parameter is not None:
        return checked(clients.ssm().get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"])
    return of_secret(clients.secretsmanager().get_secret_value(SecretId=secret))


def forget() -> None:
    """Clears the cache, so that the next `read` calls AWS."""
    read.cache_clear()

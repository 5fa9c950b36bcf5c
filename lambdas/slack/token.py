"""Reads the Slack bot token from AWS at run time, and keeps it only in memory: it is never logged or returned."""

from __future__ import annotations

from functools import cache

from lambdas.aws import clients


@cache
def read(parameter: str | None, secret: str | None) -> str:
    """The token from the SSM SecureString `parameter`, or else from the Secrets Manager `secret`. Raises ClientError.

    Cached until `forget` is called, because tokens are rotated rarely and a process sends many messages.
    """
    if parameter is not None:
        return clients.ssm().get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"]
    return str(clients.secretsmanager().get_secret_value(SecretId=secret)["SecretString"])


def forget() -> None:
    """Clears the cache, so that the next `read` calls AWS."""
    read.cache_clear()

"""The Slack bot token: read from AWS at run time, kept in this process's memory alone, never logged or returned."""

from __future__ import annotations

from functools import cache

from lambdas.aws import clients


@cache
def read(parameter: str | None, secret: str | None) -> str:
    """The token, from the SSM SecureString `parameter` or else from the Secrets Manager `secret`; raises ClientError.

    Remembered until `forget` is called: a token is rotated rarely, and a process lives for many messages.
    """
    if parameter is not None:
        return clients.ssm().get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"]
    return str(clients.secretsmanager().get_secret_value(SecretId=secret)["SecretString"])


def forget() -> None:
    """Makes the next `read` ask AWS again."""
    read.cache_clear()

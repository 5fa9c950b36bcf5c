"""Checks the form of a stored Slack token before it becomes an HTTP header, so that no error message contains it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

B64_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,512}=*")
"""The credentials of the Bearer scheme: https://www.rfc-editor.org/rfc/rfc6750#section-2.1"""


class UnusableToken(Exception):
    """The stored value is not a token. The message names the fault in one or two words, and contains no value."""


def checked(stored: str) -> str:
    """The token in `stored`, without white space around it. Raises UnusableToken."""
    token = stored.strip()
    if not B64_TOKEN.fullmatch(token):
        raise UnusableToken("malformed" if token else "empty")
    return token


def of_secret(secret: Mapping[str, Any]) -> str:
    """The token in an answer of GetSecretValue, which has SecretString or SecretBinary. Raises UnusableToken.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
    """
    if "SecretString" not in secret:
        raise UnusableToken("stored as SecretBinary")
    return checked(secret["SecretString"])

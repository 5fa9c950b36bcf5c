"""The next command after an error in the AWS settings of the shell, for the hint of an AwsError."""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ConfigParseError,
    CredentialRetrievalError,
    InvalidRegionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

SIGN_IN = "aws sso login, or export AWS_PROFILE=<profile>, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
REFRESH = "these credentials have expired: aws sso login, or get new ones"
SET_REGION = 'write region = "us-west-2" in the pipeline file, or export AWS_REGION=us-west-2'
CORRECT_FILES = "correct ~/.aws/config and ~/.aws/credentials; aws configure list shows where each setting is from"
NO_CREDENTIALS = (
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)


def next_command(error: BotoCoreError) -> str | None:
    """The next command after an error that boto3 found without calling a service."""
    if isinstance(error, ProfileNotFound):
        return "aws configure list-profiles shows your profiles: export AWS_PROFILE=<one of them>, or unset AWS_PROFILE"
    if isinstance(error, ConfigParseError):
        return CORRECT_FILES
    if isinstance(error, InvalidRegionError):
        return SET_REGION
    if isinstance(error, UnauthorizedSSOTokenError):
        return REFRESH
    return SIGN_IN if isinstance(error, NO_CREDENTIALS) else None

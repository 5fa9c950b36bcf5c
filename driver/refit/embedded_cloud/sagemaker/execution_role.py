"""Assumes the execution role of a job or model, and provides its credentials.

Training and serving use no other credentials, so the role's policies decide what they may read and write.
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud import settings
from refit.embedded_cloud.iam_roles import CALL_SECONDS, Actor, CannotAssumeRole
from refit.embedded_cloud.instance import aws_clients
from refit.embedded_cloud.sagemaker.errors import invalid
from refit.embedded_cloud.sagemaker.resources import Record

PRINCIPAL = "sagemaker.amazonaws.com"
SESSION = "SageMaker"


def s3(role_arn: str, resource: Record) -> Any:
    """An S3 client with the role's credentials. Raises ApiError if SageMaker may not assume the role for `resource`."""
    session = _assume(role_arn, resource, CALL_SECONDS)
    return aws_clients.client(
        "s3",
        region_name=resource.region,
        endpoint_url=settings.endpoint_url(),
        aws_access_key_id=session["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=session["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=session.get("AWS_SESSION_TOKEN"),
    )


def environment(role_arn: str, resource: Record, seconds: float) -> dict[str, str]:
    """The AWS environment variables of a process that uses the role for `seconds`. Raises ApiError."""
    return {
        **_assume(role_arn, resource, seconds),
        "AWS_REGION": resource.region,
        "AWS_DEFAULT_REGION": resource.region,
        "AWS_ENDPOINT_URL": settings.endpoint_url(),
    }


def _assume(role_arn: str, resource: Record, seconds: float) -> dict[str, str]:
    try:
        return Actor(PRINCIPAL, role_arn, SESSION, resource.arn).assume(seconds)
    except CannotAssumeRole as error:
        raise invalid(
            f"Could not assume role {role_arn}. Please ensure that the role exists and allows principal "
            f"'{PRINCIPAL}' to assume the role."
        ) from error

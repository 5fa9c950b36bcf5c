"""What SageMaker does with an execution role: assume it, and act with its credentials and no others.

So the role's policies decide what training and serving may read and write, when the cloud enforces IAM.
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
    """An S3 client that acts as the role, for a resource. Raises ApiError when SageMaker may not assume it."""
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
    """The AWS variables of a process that acts as the role for `seconds`. Raises ApiError."""
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

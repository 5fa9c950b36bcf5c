"""What SageMaker does with an execution role: assume it, and act with its credentials and no others.

So the role's policies decide what training and serving may read and write, when the cloud enforces IAM.
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

from driver.local.instance import clients
from driver.local.sagemaker import settings
from driver.local.sagemaker.errors import invalid
from driver.local.sagemaker.records import Record

PRINCIPAL = "sagemaker.amazonaws.com"
SESSION = "SageMaker"
CALL_SECONDS = 900.0


def s3(role_arn: str, resource: Record) -> Any:
    """An S3 client that acts as the role, for a resource. Raises ApiError when SageMaker may not assume it."""
    session = _assume(role_arn, resource, CALL_SECONDS)
    return clients.client(
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
    from ministack import app
    from ministack.services import iam, sts

    if not app.AUTH:
        return {"AWS_ACCESS_KEY_ID": resource.account, "AWS_SECRET_ACCESS_KEY": "test"}
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    role = iam._roles.get_scoped(account, None, name)
    if role is None or not _trusts(role, resource, role_arn):
        raise invalid(
            f"Could not assume role {role_arn}. Please ensure that the role exists and allows principal "
            f"'{PRINCIPAL}' to assume the role."
        )
    key, secret, token = f"ASIA{secrets.token_hex(8).upper()}", secrets.token_hex(20), secrets.token_hex(32)
    identity = {
        "Arn": f"arn:aws:sts::{account}:assumed-role/{name}/{SESSION}",
        "UserId": f"{name}:{SESSION}",
        "SecretAccessKey": secret,
        "SessionToken": token,
        "Expiration": time.time() + seconds,
    }
    sts.register_session(key, identity)
    return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}


def _trusts(role: Any, resource: Record, role_arn: str) -> bool:
    """Whether the trust policy lets SageMaker in, for this resource of this account if it has conditions.

    https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
    """
    from ministack.core.iam_evaluator import EvalContext, evaluate_trust_policy

    document = role.get("AssumeRolePolicyDocument") or "{}"
    policy = json.loads(document) if isinstance(document, str) else document
    statements = policy.get("Statement", [])
    # ministack matches no service principals: what names SageMaker is made to name everybody, the rest nobody.
    named = [
        {**statement, "Principal": "*"}
        for statement in ([statements] if isinstance(statements, dict) else statements)
        if _names_sagemaker(statement.get("Principal"))
    ]
    context = EvalContext(
        principal_arn=PRINCIPAL,
        principal_type="Service",
        principal_account=resource.account,
        action="sts:AssumeRole",
        resource_arn=role_arn,
        region=resource.region,
        service_context={"aws:sourceaccount": resource.account, "aws:sourcearn": resource.arn},
    )
    return bool(evaluate_trust_policy({**policy, "Statement": named}, PRINCIPAL, context))


def _names_sagemaker(principal: Any) -> bool:
    services = principal.get("Service", []) if isinstance(principal, dict) else []
    return principal == "*" or PRINCIPAL in ([services] if isinstance(services, str) else services)

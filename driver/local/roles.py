"""Whether a role that a service assumes may do something, by the policies of the emulated IAM.

For the parts of the cloud that act for a role without sending a request: the state machine, the scheduler, training.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import get_region
from ministack.services import iam, sts


def denial(role_arn: str, session: str, principal: str, action: str, resource: str) -> str | None:
    """Why the role may not do `action` on the ARN `resource`, in AWS's words; None when it may, or AUTH is off.

    `principal` is the service that assumes the role ("states.amazonaws.com") and `session` the name of its session.
    """
    if not app.AUTH:
        return None
    untrusted = _untrusted(role_arn, principal)
    if untrusted:
        return untrusted
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    caller = f"arn:aws:sts::{account}:assumed-role/{name}/{session}"
    key = f"ASIA{hashlib.sha256(caller.encode()).hexdigest()[:16].upper()}"
    secret = hashlib.sha256(key.encode()).hexdigest()
    identity = {"Arn": caller, "UserId": f"{name}:{session}", "SecretAccessKey": secret, "SessionToken": secret}
    sts.register_session(key, identity)
    try:
        denied = iam_evaluator.enforce(key, action, action.partition(":")[0], get_region(), resource_arn=resource)
    finally:
        sts._sessions.pop(key, None)
    if denied is None:
        return None
    reason = (
        "with an explicit deny"
        if getattr(denied, "decision", "") == "Deny"
        else f"because no identity-based policy allows the {action} action"
    )
    return f"User: {caller} is not authorized to perform: {action} on resource: {resource} {reason}"


def _untrusted(role_arn: str, principal: str) -> str | None:
    role = iam._roles.get(role_arn.rsplit("/", 1)[-1])
    if role is None:
        return f"The role {role_arn} cannot be found."
    document: Any = role["AssumeRolePolicyDocument"]
    statements = (json.loads(document) if isinstance(document, str) else document)["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        named = statement.get("Principal", {})
        services = named.get("Service", []) if isinstance(named, dict) else []
        if statement["Effect"] == "Allow" and principal in ([services] if isinstance(services, str) else services):
            return None
    return f"The role {role_arn} does not trust {principal}."

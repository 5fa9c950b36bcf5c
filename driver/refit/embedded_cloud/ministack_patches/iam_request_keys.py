"""IAM: the condition keys whose values a request or the role that it changes brings along."""

from __future__ import annotations

import json
from typing import Any

from ministack.core.iam_actions import _query_param
from ministack.core.responses import get_account_id
from ministack.services import iam

from refit.embedded_cloud.ministack_patches.patching import patch

ACTIONS_WITH_A_BOUNDARY = {"iam:CreateRole", "iam:PutRolePermissionsBoundary"}
ACTIONS_ON_A_ROLE = {
    "iam:AttachRolePolicy",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePolicy",
}


@patch("core.iam_actions", "request_tag_context")
def add_permissions_boundary(context: Any, service: str, iam_action: str, body: bytes, params: Any) -> dict[str, Any]:
    """The condition key iam:PermissionsBoundary is the boundary in the request, or else the role's own.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
    """
    keys = dict(context(service, iam_action, body, params))
    boundary = ""
    if iam_action in ACTIONS_WITH_A_BOUNDARY:
        boundary = _query_param(params, "PermissionsBoundary")
    elif iam_action in ACTIONS_ON_A_ROLE:
        role = iam._roles.get_scoped(get_account_id(), None, _query_param(params, "RoleName"))
        boundary = (role or {}).get("PermissionsBoundary") or ""
    return {**keys, "iam:PermissionsBoundary": boundary} if boundary else keys


@patch("core.iam_actions", "request_tag_context")
def add_principals_and_targets(context: Any, service: str, iam_action: str, body: bytes, params: Any) -> dict[str, Any]:
    """lambda:Principal is the principal that AddPermission names; events:TargetArn has the targets of PutTargets.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    """
    keys = dict(context(service, iam_action, body, params))
    if iam_action not in ("lambda:AddPermission", "events:PutTargets"):
        return keys
    try:
        document = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return keys
    if not isinstance(document, dict):
        return keys
    if iam_action == "lambda:AddPermission":
        return {**keys, "lambda:Principal": str(document.get("Principal", ""))}
    targets = [str(each.get("Arn")) for each in document.get("Targets") or () if isinstance(each, dict)]
    return {**keys, "events:TargetArn": targets} if targets else keys

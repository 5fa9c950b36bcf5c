"""IAM: what the requests of a deployment count as, the new function of one, the boundary of a role in another."""

from __future__ import annotations

import json
from typing import Any

from ministack.core.iam_actions import _query_param
from ministack.core.responses import get_account_id
from ministack.services import iam

from refit.embedded_cloud.ministack_patches.patching import around

SETS_A_BOUNDARY = {"iam:CreateRole", "iam:PutRolePermissionsBoundary"}
CHANGES_A_ROLE = {
    "iam:AttachRolePolicy",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePolicy",
}


@around("core.iam_actions", "request_tag_context")
def tell_the_boundary(context: Any, service: str, iam_action: str, body: bytes, params: Any) -> dict[str, Any]:
    """iam:PermissionsBoundary is the boundary that the request sets, or the one that the role has.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
    """
    found = dict(context(service, iam_action, body, params))
    boundary = ""
    if iam_action in SETS_A_BOUNDARY:
        boundary = _query_param(params, "PermissionsBoundary")
    elif iam_action in CHANGES_A_ROLE:
        role = iam._roles.get_scoped(get_account_id(), None, _query_param(params, "RoleName"))
        boundary = (role or {}).get("PermissionsBoundary") or ""
    return {**found, "iam:PermissionsBoundary": boundary} if boundary else found


@around("core.iam_actions", "extract_resource_arn")
def name_what_the_body_names(
    extract: Any, service: str, method: str, path: str, headers: Any, body: bytes, params: Any, *where: str
) -> Any:
    """CreateFunction is checked on the function that it will make, a request for tags on what has the tags.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html,
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html,
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    """
    found = extract(service, method, path, headers, body, params, *where)
    if found != "*":
        return found
    named = json.loads(body) if body.startswith(b"{") else {}
    if service == "lambda" and method == "POST" and path.rstrip("/").endswith("/functions"):
        region, account = where
        return f"arn:aws:lambda:{region}:{account}:function:{named.get('FunctionName', '')}"
    return named.get("resourceArn") or _query_param(params, "ResourceARN") or found

"""IAM: what the requests to SageMaker, SSM, EventBridge and its Scheduler name, and what a request counts as."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import unquote

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.iam_actions import _query_param
from ministack.core.responses import get_account_id, get_region
from ministack.core.router import extract_access_key_id
from ministack.services import iam

from refit.embedded_cloud.iam_roles import denial_message
from refit.embedded_cloud.ministack_patches.patching import around

Need = tuple[str, str, dict[str, Any]]
Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[tuple[int, dict[str, str], bytes]]]

# The members that name a resource of SageMaker, and the resource's type in its ARN.
RESOURCES = {
    "TrainingJobName": "training-job",
    "ModelName": "model",
    "EndpointName": "endpoint",
    "EndpointConfigName": "endpoint-config",
}
SETS_A_BOUNDARY = {"iam:CreateRole", "iam:PutRolePermissionsBoundary"}
CHANGES_A_ROLE = {
    "iam:AttachRolePolicy",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePolicy",
}

iam_actions.SERVICE_TO_IAM_NAMESPACE["sagemaker"] = "sagemaker"
# InvokeEndpoint is known by its path, which the model of the runtime API has.
iam_actions._BOTOCORE_SERVICE_MAP["sagemaker"] = ["sagemaker-runtime"]


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


@around("core.iam_actions", "extract_resource_arn")
def name_sagemaker_resources(
    extract: Any, service: str, method: str, path: str, headers: Any, body: bytes, *rest: Any
) -> Any:
    """A SageMaker request is checked on the ARN of the resource that it names.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
    """
    if service != "sagemaker":
        return extract(service, method, path, headers, body, *rest)
    if path.startswith("/endpoints/"):
        return _arn("endpoint", path.split("/")[2])
    action, document = headers.get("x-amz-target", "").rpartition(".")[2], _document(body)
    if document.get("ResourceArn"):
        return document["ResourceArn"]
    # The longest member first: CreateEndpointConfig names a config, CreateEndpoint names an endpoint and a config.
    for member in sorted(RESOURCES, key=len, reverse=True):
        if member in document and action.endswith(member.removesuffix("Name")):
            return _arn(RESOURCES[member], document[member])
    return "*"


@around("core.iam_actions", "extract_resource_arn")
def name_parameters_schedules_and_rules(
    extract: Any, service: str, method: str, path: str, headers: Any, body: bytes, query: Mapping[str, Any], *rest: Any
) -> Any:
    """A schedule is checked in its own group, a rule without the name of the default bus, tags on what they tag, and
    parameters by their names: here the first, in `_each_parameter` the others.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    """
    document = _document(body)
    if service == "events" and "Rule" in document:  # of PutTargets and its like
        body = json.dumps({**document, "Name": document["Rule"]}).encode()
    arn = str(extract(service, method, path, headers, body, query, *rest))
    if service == "ssm" and (parameters := _parameters(document)):
        return parameters[0]
    if service == "scheduler" and path.startswith("/tags/"):
        return unquote(path.removeprefix("/tags/"))
    if service == "scheduler":
        named = query.get("groupName") or document.get("GroupName") or "default"
        group = named[0] if isinstance(named, list) else named
        return arn.replace(":schedule/default/", f":schedule/{group}/")
    if service == "events":
        return document.get("ResourceARN") or arn.replace(":rule/default/", ":rule/")
    return arn


@around("app", "pin_request_origin")
def count_loopback_as_secure(pin: Any, source: str, _: bool) -> None:
    """aws:SecureTransport is true: the traffic stays on the machine, and AWS itself is spoken to over TLS.

    Without it a bucket policy that demands TLS locks every Lambda out.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    pin(source, True)


def checked(
    handle: Handler, service: str = "sagemaker", needs: Callable[[str, Mapping[str, Any]], list[Need]] | None = None
) -> Handler:
    """The handler of a service, which also asks for what a request needs beside its first resource (SageMaker's)."""
    asked = needs or _needs

    async def checking(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Any:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if app.AUTH and action:
            key = extract_access_key_id(headers, query)
            for needed, resource, context in asked(action, _document(body)):
                denied = iam_evaluator.enforce(key, needed, service, get_region(), resource, context)
                if denied:
                    caller = getattr(denied, "principal_arn", "")
                    message = denial_message(caller, needed, resource, denied)
                    return iam_actions.access_denied_response(service, needed, caller, "", message=message)
        return await handle(method, path, headers, body, query)

    return checking


def _needs(action: str, document: Mapping[str, Any]) -> list[Need]:
    """The further (action, resource, condition keys) of a request.

    An endpoint is made of a config; alarms are looked at; a role is passed on; tags at creation are AddTags.
    https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html
    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
    https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html
    """
    needs: list[Need] = []
    if action in ("CreateEndpoint", "UpdateEndpoint") and document.get("EndpointConfigName"):
        needs.append((f"sagemaker:{action}", _arn("endpoint-config", document["EndpointConfigName"]), {}))
    watched = document.get("DeploymentConfig", {}).get("AutoRollbackConfiguration", {}).get("Alarms", ())
    for alarm in watched:
        arn = f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{alarm.get('AlarmName')}"
        needs.append(("cloudwatch:DescribeAlarms", arn, {}))
    role = document.get("RoleArn") or document.get("ExecutionRoleArn")
    if role:
        needs.append(("iam:PassRole", role, {"iam:PassedToService": "sagemaker.amazonaws.com"}))
    if action.startswith("Create") and document.get("Tags"):
        member = f"{action.removeprefix('Create')}Name"
        needs.append(("sagemaker:AddTags", _arn(RESOURCES.get(member, "*"), document.get(member, "*")), {}))
    return needs


def _each_parameter(action: str, document: Mapping[str, Any]) -> list[Need]:
    """As `_needs`: AWS refuses a request for several parameters when one of them is refused."""
    return [(f"ssm:{action}", arn, {}) for arn in _parameters(document)[1:]]


def _parameters(document: Mapping[str, Any]) -> list[str]:
    """The ARNs of the parameters that a request names in a list."""
    prefix = f"arn:aws:ssm:{get_region()}:{get_account_id()}:parameter/"
    return [f"{prefix}{str(name).lstrip('/')}" for name in document.get("Names") or ()]


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:{get_region()}:{get_account_id()}:{kind}/{str(name).lower()}"


app.SERVICE_HANDLERS["ssm"] = checked(app.SERVICE_HANDLERS["ssm"], "ssm", _each_parameter)

"""IAM: the resource ARNs and extra permissions that requests are checked against."""

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

from refit.embedded_cloud.iam_roles import denial_message
from refit.embedded_cloud.ministack_patches.patching import patch

Need = tuple[str, str, dict[str, Any]]
Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[tuple[int, dict[str, str], bytes]]]

# Request members that name a SageMaker resource, and the resource type in its ARN.
RESOURCES = {
    "TrainingJobName": "training-job",
    "ProcessingJobName": "processing-job",
    "ModelName": "model",
    "EndpointName": "endpoint",
    "EndpointConfigName": "endpoint-config",
}
iam_actions.SERVICE_TO_IAM_NAMESPACE["sagemaker"] = "sagemaker"
# InvokeEndpoint is recognized by its path, which only the model of the runtime API contains.
iam_actions._BOTOCORE_SERVICE_MAP["sagemaker"] = ["sagemaker-runtime"]


@patch("core.iam_actions", "extract_resource_arn")
def find_resources_in_the_body(
    extract: Any, service: str, method: str, path: str, headers: Any, body: bytes, params: Any, *where: str
) -> Any:
    """CreateFunction is checked against the function's future ARN, and a tag request against the tagged resource.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html,
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html,
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    """
    arn = extract(service, method, path, headers, body, params, *where)
    if arn != "*":
        return arn
    document = _document(body)
    if service == "lambda" and method == "POST" and path.rstrip("/").endswith("/functions"):
        region, account = where
        return f"arn:aws:lambda:{region}:{account}:function:{document.get('FunctionName', '')}"
    return document.get("resourceArn") or _query_param(params, "ResourceARN") or arn


@patch("core.iam_actions", "extract_resource_arn")
def find_sagemaker_resources(
    extract: Any, service: str, method: str, path: str, headers: Any, body: bytes, *rest: Any
) -> Any:
    """A SageMaker request is checked against the ARN of the resource that it names.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
    """
    if service != "sagemaker":
        return extract(service, method, path, headers, body, *rest)
    if path.startswith("/endpoints/"):
        return _arn("endpoint", path.split("/")[2])
    action, document = headers.get("x-amz-target", "").rpartition(".")[2], _document(body)
    if document.get("ResourceArn"):
        return str(document["ResourceArn"])
    # Longest member first: CreateEndpointConfig names a config; CreateEndpoint names an endpoint and a config.
    for member in sorted(RESOURCES, key=len, reverse=True):
        if member in document and member.removesuffix("Name") in action:
            return _arn(RESOURCES[member], document[member])
    return "*"


@patch("core.iam_actions", "extract_resource_arn")
def find_parameters_schedules_and_rules(
    extract: Any, service: str, method: str, path: str, headers: Any, body: bytes, query: Mapping[str, Any], *rest: Any
) -> Any:
    """The ARNs of parameters, schedules and rules are those that AWS checks.

    A schedule's ARN has its group, a rule's omits the default bus, and a tag request is checked against the tagged
    resource. Of several parameters the first is checked here, the others in `_each_parameter`.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    """
    document = _document(body)
    if service == "events" and "Rule" in document:  # PutTargets, RemoveTargets, ListTargetsByRule
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


@patch("app", "pin_request_origin")
def treat_loopback_as_secure(pin: Any, source: str, _: bool) -> None:
    """aws:SecureTransport is true: requests to this cloud never leave the machine, and requests to AWS use TLS.

    Otherwise a bucket policy that requires TLS would deny every Lambda.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    pin(source, True)


def authorized(
    handle: Handler, service: str = "sagemaker", needs: Callable[[str, Mapping[str, Any]], list[Need]] | None = None
) -> Handler:
    """Wraps the handler of a service so that it also checks the permissions that `needs` returns for a request.

    The default is SageMaker's `_needs`. The permission on the request's own resource is checked by ministack.
    """
    find_needs = needs or _needs

    async def checking(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Any:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if app.AUTH and action:
            key = extract_access_key_id(headers, query)
            for needed, resource, context in find_needs(action, _document(body)):
                denied = iam_evaluator.enforce(key, needed, service, get_region(), resource, context)
                if denied:
                    caller = getattr(denied, "principal_arn", "")
                    message = denial_message(caller, needed, resource, denied)
                    return iam_actions.access_denied_response(service, needed, caller, "", message=message)
        return await handle(method, path, headers, body, query)

    return checking


def _needs(action: str, document: Mapping[str, Any]) -> list[Need]:
    """The additional (action, resource, condition keys) that a SageMaker request requires.

    Creating an endpoint requires permission on its config, watching an alarm requires cloudwatch:DescribeAlarms,
    passing a role requires iam:PassRole, and tags at creation require sagemaker:AddTags.
    https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html
    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
    https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html
    """
    needs: list[Need] = []
    if action in ("CreateEndpoint", "UpdateEndpoint") and document.get("EndpointConfigName"):
        needs.append((f"sagemaker:{action}", _arn("endpoint-config", document["EndpointConfigName"]), {}))
    for alarm in _alarms(document):
        arn = f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{alarm.get('AlarmName')}"
        needs.append(("cloudwatch:DescribeAlarms", arn, {}))
    member = f"{action.removeprefix('Create')}Name"
    created = _arn(RESOURCES.get(member, "*"), document.get(member, "*"))
    role = document.get("RoleArn") or document.get("ExecutionRoleArn")
    if role:
        passed = {"iam:PassedToService": "sagemaker.amazonaws.com", "iam:AssociatedResourceArn": created}
        needs.append(("iam:PassRole", str(role), passed))
    if action.startswith("Create") and document.get("Tags"):
        needs.append(("sagemaker:AddTags", created, {}))
    return needs


def _alarms(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The alarms that the request watches; none if it does not have the form that the service requires."""
    found: Any = document
    for member in ("DeploymentConfig", "AutoRollbackConfiguration", "Alarms"):
        found = found.get(member) if isinstance(found, dict) else None
    return [alarm for alarm in found if isinstance(alarm, dict)] if isinstance(found, list) else []


def _each_parameter(action: str, document: Mapping[str, Any]) -> list[Need]:
    """Like `_needs`: AWS denies a request for several parameters if one of them is denied."""
    return [(f"ssm:{action}", arn, {}) for arn in _parameters(document)[1:]]


def _parameters(document: Mapping[str, Any]) -> list[str]:
    """The ARNs of the parameters in the request's list `Names`."""
    prefix = f"arn:aws:ssm:{get_region()}:{get_account_id()}:parameter/"
    return [f"{prefix}{str(name).lstrip('/')}" for name in document.get("Names") or ()]


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except (ValueError, RecursionError):  # RecursionError: nested too deep; the service rejects it
        return {}
    return document if isinstance(document, dict) else {}


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:{get_region()}:{get_account_id()}:{kind}/{str(name).lower()}"


app.SERVICE_HANDLERS["ssm"] = authorized(app.SERVICE_HANDLERS["ssm"], "ssm", _each_parameter)

"""IAM: who gives a service a role must be allowed to pass it, and the role must trust the service.

ministack checks neither. Step Functions checks the trust itself, after the definition, and SageMaker checks both
(`refit.embedded_cloud.ministack_patches.iam`, `refit.embedded_cloud.sagemaker`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.core.router import extract_access_key_id

from refit.embedded_cloud.iam_roles import Actor, denial_message
from refit.embedded_cloud.ministack_patches.iam import Handler
from refit.embedded_cloud.ministack_patches.scheduler import group_arn

FUNCTION = re.compile(r"/2015-03-31/functions(?:/([^/]+)/configuration)?/?")


@dataclass(frozen=True)
class Service:
    """A service that is given roles: which roles a request passes, and the error for one that it cannot assume."""

    principal: str
    find: Callable[[str, str, Mapping[str, Any]], Iterator[tuple[str, str]]]
    code: str = ""
    message: str = ""
    source: Callable[[str], str] = str
    """The value of aws:SourceArn when the service assumes the role for a resource: the resource, unless it differs."""

    def check(self, key: str, name: str, role: str, resource: str) -> Any:
        """The error response for a caller who may not pass the role or a role that cannot be assumed; or None.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
        """
        context = {"iam:PassedToService": self.principal, "iam:AssociatedResourceArn": resource}
        denied = iam_evaluator.enforce(key, "iam:PassRole", "iam", get_region(), role, context)
        if denied:
            caller = getattr(denied, "principal_arn", "")
            message = denial_message(caller, "iam:PassRole", role, denied)
            return iam_actions.access_denied_response(name, "iam:PassRole", caller, "", message=message)
        if self.message and not Actor(self.principal, role, "check", self.source(resource)).is_trusted():
            return error_response_json(self.code, self.message.format(role), 400)
        return None


def _functions(action: str, path: str, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """CreateFunction and UpdateFunctionConfiguration."""
    found = FUNCTION.fullmatch(path)
    if found and action in ("POST", "PUT") and document.get("Role"):
        yield document["Role"], _arn("lambda", f"function:{found[1] or document.get('FunctionName')}")


def _state_machines(action: str, _: str, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if action in ("CreateStateMachine", "UpdateStateMachine") and document.get("roleArn"):
        arn = document.get("stateMachineArn") or _arn("states", f"stateMachine:{document.get('name')}")
        yield document["roleArn"], arn


def _rules(action: str, _: str, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    rule = _arn("events", f"rule/{document.get('Rule') or document.get('Name')}")
    if action == "PutRule" and document.get("RoleArn"):
        yield document["RoleArn"], rule
    if action == "PutTargets":
        for target in document.get("Targets") or ():
            if target.get("RoleArn"):
                yield target["RoleArn"], rule


def _schedules(action: str, path: str, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """CreateSchedule and UpdateSchedule."""
    role = (document.get("Target") or {}).get("RoleArn")
    if action in ("POST", "PUT") and path.startswith("/schedules/") and role:
        name = f"{document.get('GroupName') or 'default'}/{path.removeprefix('/schedules/')}"
        yield role, _arn("scheduler", f"schedule/{name}")


SERVICES = {
    "lambda": Service(
        "lambda.amazonaws.com",
        _functions,
        "InvalidParameterValueException",
        "The role defined for the function cannot be assumed by Lambda.",
    ),
    "states": Service("states.amazonaws.com", _state_machines),
    "events": Service("events.amazonaws.com", _rules),
    "scheduler": Service(
        "scheduler.amazonaws.com",
        _schedules,
        "ValidationException",
        "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
        group_arn,
    ),
}


def install() -> None:
    """Wraps the handlers of the services; to be called when all of them are registered."""
    for name, service in SERVICES.items():
        app.SERVICE_HANDLERS[name] = _checking(name, service, app.SERVICE_HANDLERS[name])


def _checking(name: str, service: Service, handle: Handler) -> Handler:
    async def checking(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Any:
        if app.AUTH:
            action = headers.get("x-amz-target", "").rpartition(".")[2] or method
            for role, resource in service.find(action, path, _document(body)):
                refused = service.check(extract_access_key_id(headers, query), name, role, resource)
                if refused:
                    return refused
        return await handle(method, path, headers, body, query)

    return checking


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{resource}"

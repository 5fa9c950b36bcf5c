"""Checks the Resource of a Task with its Parameters or Arguments, and its Credentials.

The words were measured on AWS: badmintoncryer/cdk-preflight, rules/stepfunctions/pf-sfn-asl-resource-arn,
pf-sfn-asl-integration-parameters and pf-sfn-asl-credentials; of Express: localstack/localstack,
test_sfn_api_validation.snapshot.json and pf-sfn-express-unsupported.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from refit.embedded_cloud.step_functions.definition import checks, service_models
from refit.embedded_cloud.step_functions.definition.arguments import check_optimized, check_sdk
from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostic, Diagnostics, schema
from refit.embedded_cloud.step_functions.definition.forms import Place
from refit.embedded_cloud.step_functions.definition.integrations import INTEGRATIONS, TOKEN, UNSUPPORTED_SDK_ACTIONS
from refit.embedded_cloud.step_functions.definition.scopes import State
from refit.embedded_cloud.step_functions.definition.templates import template

MachineType = Literal["STANDARD", "EXPRESS"]

_INTEGRATION = re.compile(r"arn:[^:\s]+:states:::(?:(?P<sdk>aws-sdk):)?(?P<service>[^:\s]+):(?P<rest>\S+)")
_PATTERN = re.compile(r"(?P<action>[^.:]+)(?P<pattern>\.[^.]+)?")
_FUNCTION = re.compile(r"arn:[^:\s]+:lambda:[^:\s]+:\d{12}:function:[^:\s]+(?::[^:\s]+)?")
_ACTIVITY = re.compile(r"arn:[^:\s]+:states:[^:\s]+:\d{12}:activity:[^:\s]+")


def check_task(state: State, machine_type: MachineType) -> Diagnostics:
    """What is wrong with a Task's Resource, parameters and Credentials."""
    resource = state.fields.get("Resource")
    location = f"{state.location}/Resource"
    yield from _credentials(state, resource)
    if not isinstance(resource, str):
        return
    if _ACTIVITY.fullmatch(resource):
        if machine_type == "EXPRESS":
            yield schema("Express state machine does not support Activity ARN", location)
    elif match := _INTEGRATION.fullmatch(resource):
        yield from _integration(state, match, machine_type)
    elif not _FUNCTION.fullmatch(resource):
        yield schema("Value is not a valid resource ARN", location)


def _integration(state: State, match: re.Match[str], machine_type: MachineType) -> Diagnostics:
    resource, location = match[0], f"{state.location}/Resource"
    parts = _PATTERN.fullmatch(match["rest"])
    if parts is None:
        yield _unrecognized(resource, location)
        return
    pattern = parts["pattern"] or ""
    field = "Arguments" if state.language == "JSONata" else "Parameters"
    value, where = state.fields.get(field), f"{state.location}/{field}"
    if match["sdk"]:
        shapes = _sdk_operation(match["service"], parts["action"])
        if shapes is None or pattern not in ("", TOKEN):
            yield _unrecognized(resource, location)
            return
        found = list(check_sdk(shapes, value, where))
    else:
        action = INTEGRATIONS.get(match["service"], {}).get(parts["action"])
        if action is None or pattern not in ("", *action.patterns):
            yield _unrecognized(resource, location)
            return
        found = list(check_optimized(action, value, where))
    if machine_type == "EXPRESS" and pattern:
        yield schema(f"Express state machine does not support '{pattern}' service integration ", location)
    if field not in state.fields:
        yield schema(f"{field} field is required for resource ARN: {resource}", location)
    yield from found


def _sdk_operation(service: str, action: str) -> Any:
    """The operation of an AWS SDK integration; None if Step Functions has none of that name, or it is not camelCase."""
    name = service_models.services().get(service)
    if name is None or not action[:1].islower() or action in UNSUPPORTED_SDK_ACTIONS.get(service, ()):
        return None
    return service_models.operation(name, action[:1].upper() + action[1:])


def _credentials(state: State, resource: Any) -> Diagnostics:
    if "Credentials" not in state.fields:
        return
    value, location = state.fields["Credentials"], f"{state.location}/Credentials"
    if isinstance(resource, str) and _ACTIVITY.fullmatch(resource):
        yield schema("The field 'Credentials' is not supported for activities", location)
    place = Place(state.location, "Credentials", state.language)
    yield from checks.object_(value, place) if state.language == "JSONata" else template(value, place)
    if not isinstance(value, dict):
        return
    names = ("RoleArn", "RoleArn.$") if state.language == "JSONPath" else ("RoleArn",)
    if not any(name in value for name in names):
        yield schema("The field 'RoleArn' is required but was missing", location)
    yield from (schema(f"Field '{name}' is not supported", location) for name in value if name not in names)


def _unrecognized(resource: str, location: str) -> Diagnostic:
    words = f"The resource provided {resource} is not recognized. The value is not a valid resource ARN, "
    return schema(f"{words}or the resource is not available in this region.", location)

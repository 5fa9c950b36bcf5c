"""Step Functions: what ministack starts executions with, or authorizes, leads to the embedded cloud's own service.

refit.embedded_cloud.step_functions replaces ministack's interpreter.
"""

from __future__ import annotations

import json
from typing import Any

from refit.embedded_cloud.ministack_patches.patching import patch
from refit.embedded_cloud.step_functions import store, task_tokens
from refit.embedded_cloud.step_functions.api import dispatch

MODULE = "services.stepfunctions"


@patch(MODULE, "_start_execution")
def start_in_our_service(_: Any, data: Any) -> Any:
    """Rules, schedules and pipes start executions of the embedded cloud's state machines.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
    """
    return dispatch.respond("StartExecution", json.dumps(data))


@patch(MODULE, "_resolve_state_machine_arn")
def find_in_our_service(_: Any, arn: str) -> str | None:
    """The target of a rule is a state machine of the embedded cloud; there are no versions and aliases.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
    """
    return arn if arn in store.machines else None


@patch("core.iam_actions", "extract_resource_arn")
def find_the_state_machine_of_a_token(extract: Any, service: str, *request: Any) -> Any:
    """The callback of a task token is authorized on the state machine of its task.

    https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_stepfunctions.StateMachine.html#granttaskresponseidentity
    """
    arn = extract(service, *request)
    if service != "states" or arn != "*":
        return arn
    _method, _path, _headers, body = request[:4]
    try:
        return task_tokens.machine_of(json.loads(body or b"{}").get("taskToken")) or arn
    except (ValueError, AttributeError):
        return arn

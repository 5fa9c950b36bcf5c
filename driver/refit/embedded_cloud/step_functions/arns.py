"""The ARNs of state machines and executions.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
"""

from __future__ import annotations

from ministack.core.responses import get_account_id, get_region

from refit.embedded_cloud.step_functions.errors import invalid_arn

MACHINE, EXECUTION = "stateMachine", "execution"
PARTS = {MACHINE: 7, EXECUTION: 8}


def machine_arn(name: str) -> str:
    """The ARN of the state machine with this name, in the account and region of the request."""
    return f"arn:aws:states:{get_region()}:{get_account_id()}:{MACHINE}:{name}"


def execution_arn(machine: str, name: str) -> str:
    """The ARN of the execution with this name of the state machine with the ARN `machine`."""
    return f"{machine.replace(f':{MACHINE}:', f':{EXECUTION}:')}:{name}"


def check(arn: str, kind: str) -> str:
    """Returns the ARN if it names a resource of `kind`. Raises ApiError InvalidArn."""
    if not arn.startswith("arn:"):
        raise invalid_arn(f"Invalid ARN prefix: {arn}")
    parts = arn.split(":")
    if len(parts) < 7 or parts[2] != "states":
        raise invalid_arn(arn)
    if parts[5] != kind:
        raise invalid_arn(f"Resource type not valid in this context: {parts[5]}")
    if len(parts) < PARTS[kind]:
        raise invalid_arn(arn)
    return arn

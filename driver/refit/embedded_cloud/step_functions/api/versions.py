"""Implements ListStateMachineVersions, which Terraform's provider calls. No state machine has a version here.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachineVersions.html
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions import arns


def list_(request: dict[str, Any]) -> dict[str, Any]:
    """An empty list, also of a state machine that does not exist."""
    arns.check(request["stateMachineArn"], arns.MACHINE)
    return {"stateMachineVersions": []}

"""A checkout on the embedded cloud, with state machines instead of complete stacks."""

from __future__ import annotations

import json
from typing import Any

from refit.aws.session import Aws
from refit.plan.trigger import trigger
from refit.plan.trigger_plan import announced
from refit.plan.trigger_results import PipelineResult, TriggerResult
from tests.support.checkout import Checkout
from tests.support.gate import Gate, gate

ENDS = {"Deployed": {"Type": "Succeed"}, "AlreadyRunning": {"Type": "Succeed"}, "Held": {"Type": "Succeed"}}


DEPLOYS = {
    "Wait": {"Type": "Wait", "Seconds": 1, "Next": "CheckData"},
    "CheckData": {"Type": "Pass", "Result": {"reason": "7 of 7 days have data"}, "Next": "Deployed"},
}


FAILS = {"JobFailed": {"Type": "Fail", "Error": "JobFailed", "Cause": "AlgorithmError: row 3 has 12 columns"}}


WAITS = {"Wait": {"Type": "Wait", "Seconds": 600, "Next": "Deployed"}}


# The first execution of a run ends in AlreadyRunning because of the execution "other"; the second ("-2") deploys.
HELD = {
    "Name": {"Type": "Pass", "Parameters": {"name.$": "$$.Execution.Name"}, "Next": "Held"},
    "Held": {
        "Type": "Choice",
        "Choices": [
            {"Variable": "$.name", "StringMatches": "*-2", "Next": "Deployed"},
            {"Variable": "$.name", "StringEquals": "other", "Next": "Other"},
        ],
        "Default": "AlreadyRunning",
    },
    "Other": {"Type": "Wait", "Seconds": 2, "Next": "Deployed"},
}


GATED = gate("Gate", "Deployed")


def definition(states: dict[str, Any]) -> str:
    """The definition of a state machine with these states, and the final states that they refer to."""
    ends = {name: state for name, state in ENDS.items() if f'"{name}"' in json.dumps(states)}
    return json.dumps({"StartAt": next(iter(states)), "States": {**ends, **states}})


class Stacks:
    """A checkout, and state machines instead of complete stacks."""

    def __init__(self, checkout: Checkout, aws: Aws, role: str) -> None:
        self.checkout, self.aws, self.role = checkout, aws, role
        self.machines: dict[str, str] = {}
        self.gates: dict[str, Gate] = {}
        self.said: list[str] = []
        """Every line of progress."""

    def add(self, name: str, states: dict[str, Any] | None = None) -> None:
        """A pipeline file and, with `states`, its state machine."""
        self.checkout.pipeline(f"local/{name}")
        if states is not None:
            made = self.aws.stepfunctions.create_state_machine(
                name=f"refit-{name}", definition=definition(states), roleArn=self.role
            )
            self.machines[name] = made["stateMachineArn"]
            self.gates[name] = Gate(self.aws, f"refit-{name}")

    def release(self, name: str) -> None:
        """Lets the pipeline's runs deploy from now on."""
        self.aws.stepfunctions.update_state_machine(stateMachineArn=self.machines[name], definition=definition(DEPLOYS))

    def merge(self) -> str:
        return self.checkout.commit()

    def trigger(self, *names: str, base: str | None = None, force: bool = False, **options: Any) -> TriggerResult:
        base = None if names else base or self.checkout.base
        plan = announced(self.checkout.project, base, names, force=force)
        return trigger(self.checkout.project, plan, **{"poll_seconds": 0.1, "report": self.said.append, **options})

    def executions(self, name: str) -> list[str]:
        listed = self.aws.stepfunctions.list_executions(stateMachineArn=self.machines[name])["executions"]
        return sorted(execution["name"] for execution in listed)

    def input(self, arn: str | None) -> Any:
        assert arn is not None
        return json.loads(self.aws.stepfunctions.describe_execution(executionArn=arn)["input"])


def result(triggered: TriggerResult, name: str) -> PipelineResult:
    (found,) = (one for one in triggered.results if one.pipeline == f"local/{name}")
    return found

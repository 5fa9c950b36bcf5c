"""A pipeline on the embedded cloud whose runs restore an earlier model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from refit.runs.rollback import rollback_to
from refit.runs.rollback_target import RollbackResult
from tests.support.embedded_cloud.customer import BUCKET, Customer
from tests.support.gate import Gate, gate
from tests.support.small_stack import SmallStack

NAME = "{% $states.context.Execution.Name %}"


ENDPOINT = "{% $split($states.context.StateMachine.Name, 'refit-')[1] %}"


RECORD = (
    "{% {'outcome': 'Rollback', 'deployment': {'model': $states.input.detail.rollback,"
    " 'endpoint_config': $states.context.Execution.Name, 'endpoint': '', 'action': 'updated'},"
    " 'end': {'state': 'Deployed', 'reason': '', 'started_at': $states.context.Execution.StartTime,"
    " 'at': $states.context.State.EnteredTime}} %}"
)


def task(action: str, arguments: object, then: str, output: str = "{% $states.input %}") -> dict[str, Any]:
    """A state that calls the AWS SDK, and by default passes its input on unchanged."""
    resource = f"arn:aws:states:::aws-sdk:{action}"
    return {"Type": "Task", "Resource": resource, "Arguments": arguments, "Output": output, "Next": then}


VARIANT = {
    "VariantName": "AllTraffic",
    "ModelName": "{% $states.input.detail.rollback %}",
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 2,
    "InitialVariantWeight": 1.0,
}


# The part of a run that rolls back. All executions share one lease; one that is not a rollback holds it until it ends.
# Both kinds wait at the gate.
MOVES: dict[str, Any] = {
    "Branch": {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $exists($states.input.detail.rollback) %}", "Next": "CheckData"}],
        "Default": "Wait",
    },
    **gate("Wait", "NoNewData"),
    "CheckData": task(
        "sfn:listExecutions",
        {"StateMachineArn": "{% $states.context.StateMachine.Id %}", "StatusFilter": "RUNNING"},
        "CheckDataBranch",
        "{% $merge([$states.input, {'running': $count($states.result.Executions), 'reason': 'to serve again'}]) %}",
    ),
    "CheckDataBranch": {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $states.input.running > 1 %}", "Next": "AlreadyRunning"}],
        "Default": "CreateEndpointConfig",
    },
    "CreateEndpointConfig": task(
        "sagemaker:createEndpointConfig",
        {"EndpointConfigName": NAME, "ProductionVariants": [VARIANT]},
        "Gate",
    ),
    **gate("Gate", "UpdateEndpoint"),
    "UpdateEndpoint": task(
        "sagemaker:updateEndpoint", {"EndpointName": ENDPOINT, "EndpointConfigName": NAME}, "CheckStatusWait"
    ),
    "CheckStatusWait": {"Type": "Wait", "Seconds": 1, "Next": "DescribeEndpoint"},
    "DescribeEndpoint": task(
        "sagemaker:describeEndpoint",
        {"EndpointName": ENDPOINT},
        "CheckStatusBranch",
        "{% $merge([$states.input, {'endpoint': $states.result.EndpointStatus,"
        " 'ours': $states.result.EndpointConfigName = $states.context.Execution.Name}]) %}",
    ),
    "CheckStatusBranch": {
        "Type": "Choice",
        "Choices": [
            {"Condition": "{% $states.input.endpoint != 'InService' %}", "Next": "CheckStatusWait"},
            {"Condition": "{% $states.input.ours %}", "Next": "WriteRecord"},
        ],
        "Default": "DeploymentFailed",
    },
    "WriteRecord": task(
        "s3:putObject",
        {
            "Bucket": BUCKET,
            "Key": "{% 'runs/' & $split($states.context.StateMachine.Name, 'refit-')[1] & '/'"
            " & $states.context.Execution.Name & '/record.json' %}",
            "Body": RECORD,
        },
        "Deployed",
    ),
    "Deployed": {"Type": "Succeed"},
    "NoNewData": {"Type": "Succeed"},
    "AlreadyRunning": {"Type": "Succeed"},
    "DeploymentFailed": {"Type": "Fail", "Error": "DeploymentFailed", "Cause": "rolled back: an alarm rang"},
}


class RollbackStack(SmallStack):
    """A pipeline whose runs roll back, with a gate that is open initially."""

    def __init__(self, customer: Customer, name: str, folder: Path, states: dict[str, Any]) -> None:
        super().__init__(customer, name, folder, states)
        self.gate = Gate(self.aws, f"refit-{name}")


def back(stack: RollbackStack, **options: Any) -> RollbackResult:
    return rollback_to(stack.ref, poll_seconds=0.1, **options)


def model(stack: RollbackStack, number: int) -> str:
    return f"{stack.name}-202611{number:02}-{number:08x}"


def serving(stack: RollbackStack) -> str:
    config = stack.aws.sagemaker.describe_endpoint_config(EndpointConfigName=str(stack.serving()))
    return str(config["ProductionVariants"][0]["ModelName"])

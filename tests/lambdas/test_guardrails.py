"""endpoint.deployment → DeploymentConfig, in requests that botocore accepts."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator

from lambdas import guardrails

ALARMS = {"Alarms": [{"AlarmName": "errors"}, {"AlarmName": "latency"}]}


def deployment(strategy: str, **changes: Any) -> dict[str, Any]:
    return {
        "strategy": strategy,
        "batch_percent": 25,
        "wait_seconds": 300,
        "termination_wait_seconds": 0,
        "timeout_minutes": None,
        "alarms": ["errors", "latency"],
        **changes,
    }


def of(strategy: str, **changes: Any) -> Any:
    """The DeploymentConfig, which UpdateEndpoint takes."""
    sent = guardrails.of(deployment(strategy, **changes))
    shape = boto3.client("sagemaker", region_name="us-west-2").meta.service_model.operation_model("UpdateEndpoint")
    report = ParamValidator().validate({"EndpointName": "e", "EndpointConfigName": "c", **sent}, shape.input_shape)
    assert not report.has_errors(), report.generate_report()
    return sent["DeploymentConfig"]


def test_all_at_once_sends_nothing() -> None:
    assert guardrails.of(None) == {}


@pytest.mark.parametrize(
    ("strategy", "kind", "size"), [("canary", "CANARY", "CanarySize"), ("linear", "LINEAR", "LinearStepSize")]
)
def test_blue_green_moves_a_batch_and_keeps_the_old_fleet_a_while(strategy: str, kind: str, size: str) -> None:
    assert of(strategy, termination_wait_seconds=120, timeout_minutes=30) == {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {
                "Type": kind,
                size: {"Type": "CAPACITY_PERCENT", "Value": 25},
                "WaitIntervalInSeconds": 300,
            },
            "TerminationWaitInSeconds": 120,
            "MaximumExecutionTimeoutInSeconds": 1800,
        },
        "AutoRollbackConfiguration": ALARMS,
    }


def test_rolling_replaces_a_batch_at_a_time() -> None:
    assert of("rolling") == {
        "RollingUpdatePolicy": {
            "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 25},
            "WaitIntervalInSeconds": 300,
        },
        "AutoRollbackConfiguration": ALARMS,
    }

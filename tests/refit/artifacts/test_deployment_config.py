"""endpoint.deployment → DeploymentConfig, in requests that botocore accepts."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator

from refit.artifacts import deployment_config
from refit.pipeline.model import Pipeline

ALARMS = {"Alarms": [{"AlarmName": "errors"}, {"AlarmName": "latency"}]}


def pipeline(**deployment: Any) -> Pipeline:
    return Pipeline.model_validate(
        {
            "pipeline": "prices",
            "data": {"prefix": "data/", "feature_dim": 13},
            "endpoint": {"instance_count": 4, "deployment": deployment},
        }
    )


def of(strategy: str, **changes: Any) -> Any:
    """The DeploymentConfig, which UpdateEndpoint takes."""
    config = deployment_config.of(pipeline(**{"strategy": strategy, "alarms": ("errors", "latency"), **changes}))
    shape = boto3.client("sagemaker", region_name="us-west-2").meta.service_model.operation_model("UpdateEndpoint")
    request = {"EndpointName": "e", "EndpointConfigName": "c", "DeploymentConfig": config}
    report = ParamValidator().validate(request, shape.input_shape)
    assert not report.has_errors(), report.generate_report()
    return config


def test_all_at_once_is_sagemakers_own_way() -> None:
    assert deployment_config.of(pipeline()) is None


def test_without_alarms_of_its_own_a_pipeline_has_the_stacks() -> None:
    rollback = of("canary", alarms=())["AutoRollbackConfiguration"]
    assert rollback == {"Alarms": [{"AlarmName": "refit-prices-endpoint-errors"}]}


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

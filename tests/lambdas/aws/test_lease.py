"""A run that was stopped and then continued (redriven) looks at the lease before it changes anything."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas import check_data, deploy_model, start_training_job, update_parameters
from lambdas.aws import clients, lease
from refit.domain.errors import LeaseLost
from tests.support.lambdas.fakes import Fault, SageMaker
from tests.support.lambdas.stage import Context, Pipeline, hold_lease, run_document

CHANGING = (start_training_job.handler, deploy_model.handler, update_parameters.handler)
SETTINGS: dict[str, Any] = {
    "role_arn": "arn:aws:iam::123456789012:role/refit-home-prices-sagemaker",
    "instance_type": "ml.m5.large",
    "instance_count": 1,
    "volume_gb": 10,
    "max_runtime_minutes": 60,
    "hyperparameters": {},
    "channels": {},
    "metrics": {},
    "network_isolation": True,
}


def event(pipeline: Pipeline, run: dict[str, Any]) -> dict[str, Any]:
    settings = SETTINGS | {"watermark_parameter": pipeline.settings["watermark_parameter"]}
    return {"run": run, "now": "2026-11-22T06:05:00Z", "settings": settings}


@pytest.mark.parametrize("handler", CHANGING)
def test_a_state_changes_nothing_once_another_run_has_the_lease(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context, handler: Any
) -> None:
    run = run_document(pipeline=pipeline.name, bucket=pipeline.bucket)
    hold_lease(run | {"execution_arn": "arn:aws:states:us-west-2:123456789012:execution:refit-home-prices:run-2"})
    with pytest.raises(LeaseLost, match=r"is held by arn:.*:run-2; this run cannot continue: start a new one"):
        handler(event(pipeline, run), context)
    assert (sagemaker.calls, pipeline.watermark) == ([], "never")


@pytest.mark.parametrize("body", [None, b"", b"not JSON"])
def test_a_lease_that_names_nobody_is_lost(pipeline: Pipeline, context: Context, body: bytes | None) -> None:
    run = run_document(pipeline=pipeline.name, bucket=pipeline.bucket)
    if body is not None:
        clients.s3().put_object(Bucket=pipeline.bucket, Key=f"runs/{pipeline.name}/lease.json", Body=body)
    with pytest.raises(LeaseLost, match="held by no execution"):
        update_parameters.handler(event(pipeline, run), context)


def test_a_lease_that_cannot_be_read_is_not_lost(pipeline: Pipeline, context: Context) -> None:
    Fault(clients.s3(), "GetObject", "AccessDenied", status=403)
    with pytest.raises(ClientError, match="AccessDenied"):
        update_parameters.handler(
            event(pipeline, run_document(pipeline=pipeline.name, bucket=pipeline.bucket)), context
        )


def test_a_run_that_was_stopped_goes_on_if_nobody_has_taken_its_lease(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-11-22")
    stopped = pipeline.execution()
    run = check_data.handler(pipeline.event(stopped), context)
    clients.stepfunctions().stop_execution(executionArn=stopped["arn"])
    lease.require(run)

    check_data.handler(pipeline.event(pipeline.execution()), context)
    with pytest.raises(LeaseLost):
        lease.require(run)

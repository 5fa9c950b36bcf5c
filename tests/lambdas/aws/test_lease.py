"""A run that was stopped and then redriven checks the lease before it changes anything."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas import check_data, deploy_model, start_training_job, update_parameters
from lambdas.aws import clients, lease
from lambdas.check_data import handler
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
def test_a_lease_without_an_execution_is_lost(pipeline: Pipeline, context: Context, body: bytes | None) -> None:
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


def test_a_stopped_run_continues_if_its_lease_was_not_taken_over(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-11-22")
    stopped = pipeline.execution()
    run = check_data.handler(pipeline.event(stopped), context)
    clients.stepfunctions().stop_execution(executionArn=stopped["arn"])
    lease.require(run)

    check_data.handler(pipeline.event(pipeline.execution()), context)
    with pytest.raises(LeaseLost):
        lease.require(run)


class TestLease:
    def test_a_running_execution_keeps_the_others_out(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-22")
        first, second = pipeline.execution(), pipeline.execution()
        handler(pipeline.event(first), context)

        run = handler(pipeline.event(second), context)

        assert run["outcome"] == "AlreadyRunning"
        assert run["reason"] == f"{first['arn']} is still running"
        assert run["objects"] == 0
        assert pipeline.get(f"runs/{pipeline.name}/lease.json")["execution_arn"] == first["arn"]
        assert not pipeline.keys(f"runs/{pipeline.name}/{second['name']}/")

    def test_an_execution_that_closed_is_taken_over(self, pipeline: Pipeline, context: Context) -> None:
        closed, next_one = pipeline.execution(running=False), pipeline.execution()
        handler(pipeline.event(closed), context)
        run = handler(pipeline.event(next_one), context)
        assert run["outcome"] == "NoNewData"
        assert pipeline.get(f"runs/{pipeline.name}/lease.json") == {
            "execution_arn": next_one["arn"],
            "run": next_one["name"],
            "started_at": next_one["started_at"],
        }

    def test_an_aborted_execution_is_taken_over(self, pipeline: Pipeline, context: Context) -> None:
        aborted = pipeline.execution()
        handler(pipeline.event(aborted), context)
        clients.stepfunctions().stop_execution(executionArn=aborted["arn"])
        assert handler(pipeline.event(pipeline.execution()), context)["outcome"] == "NoNewData"

    def test_an_execution_that_step_functions_has_forgotten_is_taken_over(
        self, pipeline: Pipeline, context: Context
    ) -> None:
        real = pipeline.execution()
        forgotten = real | {"arn": real["arn"] + "-long-ago", "started_at": "2026-08-22T06:00:01.123Z"}
        handler(pipeline.event(forgotten), context)
        assert handler(pipeline.event(real), context)["outcome"] == "NoNewData"

    @pytest.mark.parametrize(
        ("started_at", "outcome"),
        [
            ("2026-11-22T05:55:02Z", "AlreadyRunning"),
            ("2026-11-22T06:00:02Z", "AlreadyRunning"),
            ("2026-11-22T05:55:01Z", "NoNewData"),
            ("a moment ago", "NoNewData"),
        ],
    )
    def test_an_execution_that_step_functions_does_not_know_yet_runs(
        self, pipeline: Pipeline, context: Context, started_at: str, outcome: str
    ) -> None:
        real = pipeline.execution()
        unheard_of = {"execution_arn": real["arn"] + "-just-now", "run": "just-now", "event_time": started_at}
        hold_lease({"bucket": pipeline.bucket, "pipeline": pipeline.name, **unheard_of})
        assert handler(pipeline.event(real), context)["outcome"] == outcome

    def test_a_retry_of_the_same_execution_keeps_its_lease_and_its_manifest(
        self, pipeline: Pipeline, context: Context
    ) -> None:
        pipeline.put("2026-11-22")
        execution = pipeline.execution()
        first = handler(pipeline.event(execution), context)
        assert handler(pipeline.event(execution), context) == first

    @pytest.mark.parametrize("body", [b"", b"not JSON", b"[]", b'{"execution_arn": 7}', b'{"execution_arn": "x"}'])
    def test_a_lease_without_an_execution_is_taken_over(
        self, pipeline: Pipeline, context: Context, body: bytes
    ) -> None:
        key = f"runs/{pipeline.name}/lease.json"
        clients.s3().put_object(Bucket=pipeline.bucket, Key=key, Body=body)
        execution = pipeline.execution()
        assert handler(pipeline.event(execution), context)["outcome"] == "NoNewData"
        assert pipeline.get(key)["execution_arn"] == execution["arn"]

    @pytest.mark.parametrize("conflict", [False, True], ids=["412", "409"])
    def test_the_loser_of_a_take_over_gets_the_winners_name(
        self, pipeline: Pipeline, context: Context, conflict: bool
    ) -> None:
        closed, winner, loser = pipeline.execution(running=False), pipeline.execution(), pipeline.execution()
        handler(pipeline.event(closed), context)

        def win_first(params: dict[str, Any], **_: Any) -> None:
            if "IfMatch" in params:
                body = json.dumps({"execution_arn": winner["arn"]}).encode()
                clients.s3().put_object(Bucket=params["Bucket"], Key=params["Key"], Body=body)
                if conflict:
                    Fault(clients.s3(), "PutObject", "ConditionalRequestConflict", status=409, times=1)

        clients.s3().meta.events.register("before-parameter-build.s3.PutObject", win_first)
        run = handler(pipeline.event(loser), context)
        assert run["outcome"] == "AlreadyRunning"
        assert run["reason"] == f"{winner['arn']} is still running"

    def test_a_lease_whose_execution_cannot_be_described_is_not_taken_over(
        self, pipeline: Pipeline, context: Context
    ) -> None:
        first, second = pipeline.execution(), pipeline.execution()
        handler(pipeline.event(first), context)
        Fault(clients.stepfunctions(), "DescribeExecution", "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDeniedException"):
            handler(pipeline.event(second), context)
        assert pipeline.get(f"runs/{pipeline.name}/lease.json")["execution_arn"] == first["arn"]

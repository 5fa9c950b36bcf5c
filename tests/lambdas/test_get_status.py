"""GetStatus: every SageMaker status, and the state of the run that it maps to."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.get_status import handler
from refit.domain.errors import Throttled, UnknownStatus
from tests.support.lambdas.fakes import NOW, Fault, SageMaker
from tests.support.lambdas.stage import (
    DEPLOYMENT,
    JOB_COMPLETED,
    TRAINING,
    Context,
    redeployment_document,
    run_document,
)

NAME = run_document()["name"]
OLD = "home-prices-20261121-ffffffff"
SETTINGS = {"training_timeout_minutes": 120, "awaited_metrics": ["validation:mse"], "deployment_timeout_minutes": 60}


def event(now: str = "2026-11-22T06:20:00Z", **sections: Any) -> dict[str, Any]:
    run = run_document(training=TRAINING, **sections)
    return {"run": run, "now": now, "settings": SETTINGS}


def deploying(now: str = "2026-11-22T06:20:00Z") -> dict[str, Any]:
    return event(now, status=JOB_COMPLETED, deployment=DEPLOYMENT)


def job(sagemaker: SageMaker, status: str, **fields: Any) -> None:
    sagemaker.jobs[NAME] = {"TrainingJobName": NAME, "TrainingJobStatus": status, **fields}


def endpoint(sagemaker: SageMaker, status: str, config: str = NAME, **fields: Any) -> None:
    sagemaker.endpoints["home-prices"] = {
        "EndpointName": "home-prices",
        "EndpointConfigName": config,
        "EndpointStatus": status,
        **fields,
    }


class TestTraining:
    @pytest.mark.parametrize(
        ("status", "secondary", "state", "reason"),
        [
            ("InProgress", "Starting", "InProgress", ""),
            ("InProgress", "Training", "InProgress", ""),
            ("InProgress", "Pending", "InProgress", ""),
            ("InProgress", "SomethingNew", "InProgress", ""),
            ("Stopping", "Stopping", "InProgress", ""),
            ("Stopped", "MaxRuntimeExceeded", "JobFailed", "the training job ended as Stopped (MaxRuntimeExceeded)"),
            ("Stopped", "MaxWaitTimeExceeded", "JobFailed", "the training job ended as Stopped (MaxWaitTimeExceeded)"),
            ("Stopped", "Interrupted", "JobFailed", "the training job ended as Stopped (Interrupted)"),
            ("Stopped", "Stopped", "JobFailed", "the training job ended as Stopped (Stopped)"),
            ("Failed", "Failed", "JobFailed", "the training job ended as Failed (Failed)"),
            ("Deleting", "", "JobFailed", "the training job ended as Deleting (no detail)"),
        ],
    )
    def test_each_status_has_one_verdict(
        self, sagemaker: SageMaker, context: Context, status: str, secondary: str, state: str, reason: str
    ) -> None:
        job(sagemaker, status, SecondaryStatus=secondary)
        assert handler(event(), context) == {"state": state, "detail": f"{status}/{secondary}", "reason": reason}

    def test_a_completed_job_tells_its_model_metrics_and_cost(self, sagemaker: SageMaker, context: Context) -> None:
        job(
            sagemaker,
            "Completed",
            SecondaryStatus="Completed",
            ModelArtifacts={"S3ModelArtifacts": JOB_COMPLETED["model_data"]},
            FinalMetricDataList=[
                {"MetricName": "train:objective_loss", "Value": 0.31, "Timestamp": 0},
                {"MetricName": "validation:mse", "Value": 21.4, "Timestamp": 0},
                {"MetricName": "validation:absolute_loss", "Value": float("nan"), "Timestamp": 0},
            ],
            BillableTimeInSeconds=64,
        )
        assert handler(event(), context) == JOB_COMPLETED

    def test_a_completed_job_may_report_its_metrics_later(self, sagemaker: SageMaker, context: Context) -> None:
        job(sagemaker, "Completed", SecondaryStatus="Completed", TrainingEndTime=NOW.timestamp())
        waiting = {"state": "InProgress", "detail": "Completed/Completed", "reason": ""}
        assert handler(event("2026-11-22T06:10:59Z"), context) == waiting

    def test_a_failed_job_says_why(self, sagemaker: SageMaker, context: Context) -> None:
        job(sagemaker, "Failed", SecondaryStatus="Failed", FailureReason="ClientError: row 7 of x.csv has 12 columns")
        assert handler(event(), context)["reason"] == "ClientError: row 7 of x.csv has 12 columns"

    def test_an_unknown_status_is_an_error(self, sagemaker: SageMaker, context: Context) -> None:
        job(sagemaker, "Hibernating")
        with pytest.raises(UnknownStatus, match=f"{NAME} has the unknown status Hibernating"):
            handler(event(), context)


class TestATrainingJobThatTakesTooLong:
    IN_TIME, LATE = "2026-11-22T08:00:05Z", "2026-11-22T08:00:06Z"  # it was requested at 06:00:05

    def test_has_failed_and_is_stopped(self, sagemaker: SageMaker, context: Context) -> None:
        job(sagemaker, "InProgress", SecondaryStatus="Starting")
        assert handler(event(self.IN_TIME), context)["state"] == "InProgress"
        assert sagemaker.called("StopTrainingJob") == []
        assert handler(event(self.LATE), context) == {
            "state": "JobFailed",
            "detail": "InProgress/Starting",
            "reason": "the training job is still InProgress (Starting) after 120 minutes, and was stopped",
        }
        assert sagemaker.called("StopTrainingJob") == [{"TrainingJobName": NAME}]

    def test_is_not_stopped_again(self, sagemaker: SageMaker, context: Context) -> None:
        job(sagemaker, "Stopping", SecondaryStatus="Stopping")
        answer = handler(event(self.LATE), context)
        assert answer["reason"] == "the training job is still Stopping (Stopping) after 120 minutes"
        assert sagemaker.called("StopTrainingJob") == []

    def test_and_has_ended_is_judged_by_its_end(self, sagemaker: SageMaker, context: Context) -> None:
        done = {
            "ModelArtifacts": {"S3ModelArtifacts": JOB_COMPLETED["model_data"]},
            "SecondaryStatus": "Completed",
        }
        job(sagemaker, "Completed", **done)
        assert handler(event(self.LATE), context)["state"] == "JobCompleted"

        def end_first(**_: Any) -> None:
            job(sagemaker, "Completed", **done)

        job(sagemaker, "InProgress", SecondaryStatus="Uploading")
        clients.sagemaker().meta.events.register("before-parameter-build.sagemaker.StopTrainingJob", end_first)
        assert handler(event(self.LATE), context)["state"] == "JobCompleted"
        assert sagemaker.called("StopTrainingJob") == [{"TrainingJobName": NAME}]

    def test_and_may_not_be_stopped_is_an_error(self, sagemaker: SageMaker, context: Context) -> None:
        job(sagemaker, "InProgress", SecondaryStatus="Starting")
        Fault(clients.sagemaker(), "StopTrainingJob", "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDeniedException"):
            handler(event(self.LATE), context)


class TestDeployment:
    @pytest.mark.parametrize(
        ("status", "config", "state", "reason"),
        [
            ("Creating", NAME, "InProgress", ""),
            ("Updating", OLD, "InProgress", ""),
            ("Updating", NAME, "InProgress", ""),
            ("SystemUpdating", NAME, "InProgress", ""),
            ("SystemUpdating", OLD, "InProgress", ""),
            ("RollingBack", OLD, "InProgress", ""),
            ("InService", NAME, "DeploymentCompleted", ""),
            (
                "InService",
                OLD,
                "DeploymentFailed",
                f"rolled back: home-prices serves {OLD}, not {NAME} "
                "(SageMaker gives no reason; see the endpoint's log)",
            ),
            ("OutOfService", NAME, "DeploymentFailed", "the endpoint is out of service"),
            ("Failed", NAME, "DeploymentFailed", "the endpoint is Failed; SageMaker gives no reason"),
            ("Deleting", NAME, "DeploymentFailed", "the endpoint is being deleted"),
            (
                "UpdateRollbackFailed",
                NAME,
                "DeploymentFailed",
                "the update failed, and so did its rollback: old and new models serve side by side",
            ),
        ],
    )
    def test_each_status_has_one_verdict(
        self, sagemaker: SageMaker, context: Context, status: str, config: str, state: str, reason: str
    ) -> None:
        endpoint(sagemaker, status, config)
        answer = handler(deploying(), context)
        assert (answer["state"], answer["detail"], answer["reason"]) == (state, status, reason)

    def test_an_endpoint_that_serves_on_while_it_moves_to_this_runs_config_is_in_progress(
        self, sagemaker: SageMaker, context: Context
    ) -> None:
        endpoint(sagemaker, "InService", OLD, PendingDeploymentSummary={"EndpointConfigName": NAME})
        assert handler(deploying(), context)["state"] == "InProgress"
        late = handler(deploying("2026-11-22T07:10:01Z"), context)
        assert (late["state"], late["reason"]) == (
            "DeploymentFailed",
            "home-prices is still InService after 60 minutes",
        )

    def test_a_redeployment_is_judged_without_a_training_job(self, sagemaker: SageMaker, context: Context) -> None:
        endpoint(sagemaker, "InService")
        redeploying = deploying() | {"run": redeployment_document(deployment=DEPLOYMENT)}
        assert handler(redeploying, context) == {"state": "DeploymentCompleted", "detail": "InService", "reason": ""}

    def test_the_results_of_the_training_are_kept(self, sagemaker: SageMaker, context: Context) -> None:
        endpoint(sagemaker, "InService")
        answer = handler(deploying(), context)
        assert answer == JOB_COMPLETED | {"state": "DeploymentCompleted", "detail": "InService"}

    @pytest.mark.parametrize("status", ["InService", "Failed", "UpdateRollbackFailed"])
    def test_a_failed_deployment_says_sagemakers_reason(
        self, sagemaker: SageMaker, context: Context, status: str
    ) -> None:
        endpoint(sagemaker, status, OLD, FailureReason="the container did not pass its health check")
        assert "the container did not pass its health check" in handler(deploying(), context)["reason"]

    @pytest.mark.parametrize("status", ["Creating", "Updating", "SystemUpdating", "RollingBack"])
    def test_a_deployment_that_takes_too_long_has_failed(
        self, sagemaker: SageMaker, context: Context, status: str
    ) -> None:
        endpoint(sagemaker, status)
        assert handler(deploying("2026-11-22T07:10:00Z"), context)["state"] == "InProgress"
        answer = handler(deploying("2026-11-22T07:10:01Z"), context)
        assert answer["state"] == "DeploymentFailed"
        assert answer["reason"] == f"home-prices is still {status} after 60 minutes"

    @pytest.mark.parametrize(
        ("action", "state", "reason"),
        [("updated", "DeploymentFailed", "the endpoint no longer exists"), ("created", "InProgress", "")],
    )
    def test_an_endpoint_that_is_not_found_is_gone_or_new(
        self, sagemaker: SageMaker, context: Context, action: str, state: str, reason: str
    ) -> None:
        first = event("2026-11-22T06:10:01Z", status=JOB_COMPLETED, deployment=DEPLOYMENT | {"action": action})
        answer = handler(first, context)
        assert (answer["state"], answer["reason"]) == (state, reason)

    @pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException"])
    def test_an_endpoint_that_cannot_be_seen_is_not_missing(
        self, sagemaker: SageMaker, context: Context, code: str
    ) -> None:
        endpoint(sagemaker, "InService")
        Fault(clients.sagemaker(), "DescribeEndpoint", code)
        with pytest.raises(ClientError, match=code):
            handler(deploying(), context)

    def test_throttling_is_throttled(self, sagemaker: SageMaker, context: Context) -> None:
        Fault(clients.sagemaker(), "DescribeEndpoint", "ThrottlingException")
        with pytest.raises(Throttled):
            handler(deploying(), context)

    def test_an_unknown_status_is_an_error(self, sagemaker: SageMaker, context: Context) -> None:
        endpoint(sagemaker, "Hibernating")
        with pytest.raises(UnknownStatus, match="home-prices has the unknown status Hibernating"):
            handler(deploying(), context)

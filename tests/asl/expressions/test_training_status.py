"""The status of a training job in JSONata, which must equal that of refit.domain.training_status in polling."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from botocore import loaders

from refit.domain import messages, training_status
from refit.domain.errors import UnknownStatus
from tests.support.jsonata import NAME, context, expression

STATUSES = loaders.Loader().load_service_model("sagemaker", "service-2")["shapes"]["TrainingJobStatus"]["enum"]
MANIFEST = "s3://b/manifest"
DOCUMENT = {"name": NAME, "manifest": MANIFEST}
COMPLETED = {
    "TrainingJobStatus": "Completed",
    "SecondaryStatus": "Completed",
    "TrainingJobName": NAME,
    "BillableTimeInSeconds": 61,
}


def channel(manifest: str) -> list[dict[str, Any]]:
    return [{"ChannelName": "train", "DataSource": {"S3DataSource": {"S3Uri": manifest}}}]


@pytest.mark.parametrize("name", ["training_status", "describe_training_job", "start_training_job"])
@pytest.mark.parametrize("status", [*STATUSES, "Unheard"])
@pytest.mark.parametrize("secondary", ["Training", ""])
@pytest.mark.parametrize("reason", [None, "AlgorithmError: bad row"])
def test_a_training_job_is_judged_as_polling_does(name: str, status: str, secondary: str, reason: str | None) -> None:
    job = {
        "TrainingJobName": NAME,
        "TrainingJobArn": f"arn:{NAME}",
        "TrainingJobStatus": status,
        "SecondaryStatus": secondary,
        "InputDataConfig": channel(MANIFEST),
        "ModelArtifacts": {"S3ModelArtifacts": "s3://b/model.tar.gz"},
        "FinalMetricDataList": [
            {"MetricName": "train:mse", "Value": 2.5},
            {"MetricName": "validation:mse", "Value": 3},
        ],
        "BillableTimeInSeconds": 61,
        **({"FailureReason": reason} if reason else {}),
    }
    judged = expression(name, DOCUMENT, result=job)
    sections = polling(job)
    assert {section: judged[section] for section in sections} == sections
    if "status" in sections:
        assert (judged["training"]["job"], judged["training"]["arn"]) == (NAME, f"arn:{NAME}")


def polling(job: dict[str, Any]) -> dict[str, Any]:
    """The status that GetStatus adds to the run document."""
    try:
        return {"status": training_status.of_training(job, timedelta(0), timedelta(hours=1))}
    except UnknownStatus as error:
        return {"failed": {"GetStatus": {"Error": "UnknownStatus", "Cause": str(error)}}}


@pytest.mark.parametrize("reported", [{}, {"FinalMetricDataList": [{"MetricName": "train:mse", "Value": "NaN"}]}])
def test_a_job_without_finite_metrics_has_none(reported: dict[str, Any]) -> None:
    judged = expression("start_training_job", DOCUMENT, result=COMPLETED | reported)
    assert (judged["status"]["state"], judged["status"]["metrics"]) == ("JobCompleted", {})


def test_a_job_that_was_requested_before_keeps_the_time_of_the_request() -> None:
    before = DOCUMENT | {"training": {"asked_at": "2026-11-07T11:30:00.000Z"}}
    for document, asked_at in ((DOCUMENT, context()["State"]["EnteredTime"]), (before, "2026-11-07T11:30:00.000Z")):
        judged = expression(
            "describe_training_job", document, result=COMPLETED | {"InputDataConfig": channel(MANIFEST)}
        )
        assert judged["training"]["asked_at"] == asked_at


def test_an_answer_that_is_no_description_is_asked_for_again() -> None:
    judged = expression(
        "start_training_job", DOCUMENT, result={"TrainingJobStatus": "Completed", "TrainingJobName": NAME}
    )
    assert judged["status"]["state"] == "InProgress"
    assert "deployment" not in judged  # so CheckStatusBranch goes to TrainingStatusWait, and then describes the job


def test_a_job_of_this_name_with_other_data_is_somebody_elses() -> None:
    judged = expression("describe_training_job", DOCUMENT, result={"InputDataConfig": channel("s3://b/other")})
    cause = messages.JOB_CONFLICT.format(name=NAME, differing="data")
    assert judged == DOCUMENT | {"failed": {"StartTrainingJob": {"Error": "NameConflict", "Cause": cause}}}


@pytest.mark.parametrize(
    ("detail", "status", "secondary"),
    [
        ("InProgress/Pending", "InProgress", "Pending"),
        ("Stopping/Stopping", "Stopping", "Stopping"),
        ("InProgress/", "InProgress", "no detail"),
        (None, "InProgress", "no detail"),
    ],
)
def test_a_job_that_takes_too_long_is_reported_as_in_polling(detail: str | None, status: str, secondary: str) -> None:
    document = DOCUMENT | ({"status": {"state": "InProgress", "detail": detail, "reason": ""}} if detail else {})
    judged = expression("stop_training_job", document, {"LIMIT": "90 minutes"}, result={})
    job = {"TrainingJobName": NAME, "TrainingJobStatus": status, "SecondaryStatus": detail and secondary}
    polling = training_status.of_training(job, timedelta(minutes=91), timedelta(minutes=90))
    assert judged["status"]["state"] == polling["state"] == "JobFailed"
    assert judged["status"]["reason"] == polling["reason"] + messages.AND_STOPPED
    assert judged["status"]["detail"] == (detail or "InProgress")

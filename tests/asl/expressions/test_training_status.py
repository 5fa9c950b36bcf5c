"""The status of a training job in JSONata, which must equal that of refit.domain.training_status in polling."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore import loaders

from refit.domain import messages, training_status
from refit.domain.errors import UnknownStatus
from tests.support.jsonata import ENTERED, NAME, expression, instant

STATUSES = loaders.Loader().load_service_model("sagemaker", "service-2")["shapes"]["TrainingJobStatus"]["enum"]
MANIFEST = "s3://b/manifest"
ASKED = ENTERED - timedelta(minutes=30)
DOCUMENT = {"name": NAME, "manifest": MANIFEST, "training": {"asked_at": instant(ASKED)}}
AWAITED = ["train:mse", "validation:mse"]
LIMIT = timedelta(minutes=90)


def described(job: dict[str, Any], document: dict[str, Any] = DOCUMENT, late: str | None = None) -> dict[str, Any]:
    """The run document after DescribeTrainingJob, whose response has times as text."""
    in_text = {name: instant(value) if isinstance(value, datetime) else value for name, value in job.items()}
    constants = {"LIMIT": "90 minutes", "AWAITED_METRICS": AWAITED}
    found = expression("describe_training_job", document, constants, variables={"late": late}, result=in_text)
    assert isinstance(found, dict)
    return found


def ended(status: str, **members: Any) -> dict[str, Any]:
    """DescribeTrainingJob's response for a job that ended 20 seconds ago."""
    return {
        "TrainingJobName": NAME,
        "TrainingJobArn": f"arn:{NAME}",
        "TrainingJobStatus": status,
        "SecondaryStatus": status,
        "CreationTime": ASKED,
        "TrainingEndTime": ENTERED - timedelta(seconds=20),
        "InputDataConfig": channel(MANIFEST),
        "ModelArtifacts": {"S3ModelArtifacts": "s3://b/model.tar.gz"},
        "BillableTimeInSeconds": 61,
        **members,
    }


def channel(manifest: str) -> list[dict[str, Any]]:
    return [{"ChannelName": "train", "DataSource": {"S3DataSource": {"S3Uri": manifest}}}]


def metrics(**values: Any) -> list[dict[str, Any]]:
    return [{"MetricName": name.replace("_", ":"), "Value": value} for name, value in values.items()]


@pytest.mark.parametrize("status", [*STATUSES, "Unheard"])
@pytest.mark.parametrize("secondary", ["Training", ""])
@pytest.mark.parametrize("reason", [None, "AlgorithmError: bad row"])
def test_a_training_job_is_judged_as_polling_does(status: str, secondary: str, reason: str | None) -> None:
    job = ended(
        status,
        SecondaryStatus=secondary,
        FinalMetricDataList=metrics(train_mse=2.5, validation_mse=3),
        **({"FailureReason": reason} if reason else {}),
    )
    judged, sections = described(job), polling(job)
    assert {section: judged[section] for section in sections} == sections
    if "status" in sections:
        times = {"asked_at": instant(ASKED), "started_at": instant(ASKED)}
        assert judged["training"] == {"job": NAME, "arn": f"arn:{NAME}", **times}


def polling(job: dict[str, Any]) -> dict[str, Any]:
    """The status that GetStatus adds to the run document."""
    try:
        return {"status": training_status.of_training(job, ENTERED, ASKED, LIMIT, AWAITED)}
    except UnknownStatus as error:
        return {"failed": {"GetStatus": {"Error": "UnknownStatus", "Cause": str(error)}}}


@pytest.mark.parametrize(
    "reported", [None, metrics(), metrics(other=1), metrics(train_mse="NaN"), metrics(train_mse=2)]
)
@pytest.mark.parametrize("seconds", [0, 59, 60])
@pytest.mark.parametrize("status", ["Completed", "Failed"])
def test_a_job_that_has_just_completed_has_a_minute_to_report_its_metrics(
    reported: list[dict[str, Any]] | None, seconds: int, status: str
) -> None:
    end = ENTERED - timedelta(seconds=seconds)
    job = ended(status, TrainingEndTime=end, **({} if reported is None else {"FinalMetricDataList": reported}))
    judged = described(job)
    awaited = not any(metric["MetricName"] in AWAITED for metric in reported or ())
    assert (judged["status"]["state"] == "InProgress") == (status == "Completed" and awaited and seconds < 60)
    # boto3 reads "NaN" as a number.
    numbers = [{**metric, "Value": float(metric["Value"])} for metric in reported or ()]
    assert judged["status"] == polling(job | {"FinalMetricDataList": numbers})["status"]


@pytest.mark.parametrize("reported", [{}, {"FinalMetricDataList": metrics(train_mse="NaN")}])
def test_a_job_without_finite_metrics_has_none(reported: dict[str, Any]) -> None:
    judged = described(ended("Completed", TrainingEndTime=ASKED, **reported))
    assert (judged["status"]["state"], judged["status"]["metrics"]) == ("JobCompleted", {})


@pytest.mark.parametrize(("minutes", "late"), [(90, False), (90.1, True)])
def test_the_time_limit_is_that_of_the_request(minutes: float, late: bool) -> None:
    document = {"training": {"asked_at": instant(ENTERED - timedelta(minutes=minutes))}}
    assert expression("training_timed_out", document, {"TIMEOUT_SECONDS": 90 * 60}) is late


def test_the_time_limit_starts_when_the_job_is_requested() -> None:
    requested = expression("start_training_job", {"name": NAME}, result={"TrainingJobStatus": "Completed"})
    assert requested == {"name": NAME, "training": {"asked_at": instant(ENTERED)}}


def test_a_job_of_this_name_with_other_data_is_somebody_elses() -> None:
    judged = described({"TrainingJobStatus": "Completed", "InputDataConfig": channel("s3://b/other")})
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
@pytest.mark.parametrize("late", [messages.AND_STOPPED, ""])
@pytest.mark.parametrize("after", ["InProgress", "Stopping", "Stopped"])
def test_a_job_that_takes_too_long_is_reported_as_in_polling(
    detail: str | None, status: str, secondary: str, late: str, after: str
) -> None:
    document = DOCUMENT | ({"status": {"state": "InProgress", "detail": detail, "reason": ""}} if detail else {})
    judged = described(ended(after), document, late)
    job = {"TrainingJobName": NAME, "TrainingJobStatus": status, "SecondaryStatus": detail and secondary}
    polling = training_status.of_training(job, ENTERED, ENTERED - timedelta(minutes=91), LIMIT)
    assert judged["status"]["state"] == polling["state"] == "JobFailed"
    assert judged["status"]["reason"] == polling["reason"] + late
    assert judged["status"]["detail"] == (detail or "InProgress")


def test_a_job_that_completes_while_it_is_stopped_for_its_time_has_completed() -> None:
    judged = described(ended("Completed", FinalMetricDataList=metrics(train_mse=2)), late=messages.AND_STOPPED)
    assert judged["status"]["state"] == "JobCompleted"
    failed = described(ended("Failed", FailureReason="AlgorithmError: bad row"), late=messages.AND_STOPPED)
    assert failed["status"]["reason"] == "AlgorithmError: bad row"


@pytest.mark.parametrize("odd", [{}, {"Value": 1.5}, {"MetricName": "train:mse"}])
def test_a_metric_without_a_name_or_a_value_is_left_out_as_in_polling(odd: dict[str, Any]) -> None:
    job = ended("Completed", FinalMetricDataList=[odd, *metrics(validation_mse=2.5)])
    expected = training_status.of_training(job, ENTERED, ASKED, LIMIT, AWAITED)
    assert described(job)["status"] == expected
    assert expected["metrics"] == {"validation:mse": 2.5}
    late = ended("Completed", FinalMetricDataList=[odd])
    assert described(late)["status"] == training_status.of_training(late, ENTERED, ASKED, LIMIT, AWAITED)

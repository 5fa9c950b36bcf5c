"""A processing job as DescribeProcessingJob and the event of its status describe it."""

from __future__ import annotations

from refit.embedded_cloud.sagemaker import processing_description, processing_statuses
from refit.embedded_cloud.sagemaker.resources import ProcessingJob
from tests.support.embedded_cloud.processing import request

REQUEST = request(
    "check", "arn:aws:iam::000000000000:role/check", "s3://homes/code/check.py", Environment={"COLOUR": "red"}
)


def failed() -> ProcessingJob:
    job = ProcessingJob(
        account="0" * 12, region="us-west-2", name="check", created=100.0, modified=100.0, request=REQUEST
    )
    job.tags = [{"Key": "run", "Value": "one"}]
    processing_statuses.enter(job, "InProgress", 100.0)
    job.started, job.exit_message = 101.5, "row 7"
    processing_statuses.enter(job, "Failed", 102.25, "AlgorithmError: , exit code: 1")
    return job


def test_the_events_times_are_milliseconds_and_it_has_only_the_members_of_awss_example() -> None:
    detail = processing_description.event_detail(failed())
    assert {name: value for name, value in detail.items() if name.endswith("Time")} == {
        "CreationTime": 100_000,
        "ProcessingStartTime": 101_500,
        "ProcessingEndTime": 102_250,
        "LastModifiedTime": 102_250,
    }
    assert (detail["ProcessingJobStatus"], detail["FailureReason"]) == ("Failed", "AlgorithmError: , exit code: 1")
    assert detail["StoppingCondition"] == {"MaxRuntimeInSeconds": 86_400}
    assert not {"Environment", "ExitMessage", "Tags"} & detail.keys()


def test_the_description_has_the_environment_and_the_exit_message() -> None:
    described = processing_description.description(failed())
    assert (described["Environment"], described["ExitMessage"]) == ({"COLOUR": "red"}, "row 7")
    assert (described["CreationTime"], described["ProcessingEndTime"]) == (100.0, 102.25)


def test_a_job_that_runs_has_neither_end_nor_message() -> None:
    job = failed()
    job.status, job.ended, job.failure_reason = "InProgress", None, ""
    described = processing_description.description(job)
    assert not {"ExitMessage", "FailureReason", "ProcessingEndTime"} & described.keys()

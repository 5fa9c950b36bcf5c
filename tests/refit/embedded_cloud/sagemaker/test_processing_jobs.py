"""The processing job operations: create, describe, list and stop, rejected requests, tags and scripted faults."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from refit.embedded_cloud import faults
from tests.support.embedded_cloud.customer import LEAST_PRIVILEGE, TRUST, Customer, refused
from tests.support.embedded_cloud.processing import (
    CODE,
    RESULTS,
    described,
    finished,
    objects,
    process,
    s3_output,
    start,
)
from tests.support.embedded_cloud.programs import alive
from tests.support.waiting import until

PASSES = "print('sound')\n"
HANGS = {"processing": "hang"}


def test_a_description_repeats_the_request_and_adds_the_defaults(customer: Customer) -> None:
    output = s3_output("report", RESULTS, "/opt/ml/processing/output")
    name = start(customer, PASSES, outputs=[output], Environment={"COLOUR": "red"}, Tags=[{"Key": "run", "Value": "1"}])
    job = described(customer, name)
    assert job["ProcessingJobArn"].endswith(f":000000000000:processing-job/{name}")
    assert job["ProcessingInputs"][0]["S3Input"]["LocalPath"] == CODE
    assert not job["ProcessingInputs"][0]["AppManaged"]
    assert job["ProcessingOutputConfig"]["Outputs"] == [{**output, "AppManaged": False}]
    assert job["StoppingCondition"] == {"MaxRuntimeInSeconds": 86_400}
    assert (job["Environment"], job["RoleArn"]) == ({"COLOUR": "red"}, customer.role)
    assert not {"Tags", "FailureReason", "ExitMessage", "ProcessingEndTime"} & job.keys()
    ended = finished(customer, name)
    assert ended["ProcessingJobStatus"] == "Completed"
    assert ended["CreationTime"] <= ended["ProcessingStartTime"] < ended["ProcessingEndTime"]
    assert ended["LastModifiedTime"] == ended["ProcessingEndTime"]


def test_tags_are_those_of_the_request_until_others_are_added(customer: Customer) -> None:
    arn = process(customer, PASSES, Tags=[{"Key": "run", "Value": "1"}])["ProcessingJobArn"]
    customer.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "homes"}])
    customer.sagemaker.delete_tags(ResourceArn=arn, TagKeys=["run"])
    assert customer.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "homes"}]


def test_a_name_is_used_once_by_processing_jobs_and_may_be_that_of_a_training_job(customer: Customer) -> None:
    name = customer.start_job(customer.put("1,2\n"))
    assert start(customer, PASSES, ProcessingJobName=name) == name
    code, message = refused(lambda: start(customer, PASSES, ProcessingJobName=name))
    assert code == "ResourceInUse"
    assert message == (
        "Job name must be unique within an AWS account and region, and a job with this name already exists "
        f"(arn:aws:sagemaker:{customer.cloud.region}:000000000000:processing-job/{name})"
    )


def test_of_many_jobs_of_one_name_one_starts(customer: Customer) -> None:
    name = customer.name("processing")

    def create(_: int) -> str:
        try:
            return start(customer, PASSES, ProcessingJobName=name)
        except customer.sagemaker.exceptions.ResourceInUse:
            return ""

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(create, range(4))) == [""] * 3 + [name]
    assert finished(customer, name)["ProcessingJobStatus"] == "Completed"


def test_a_role_that_sagemaker_may_not_assume_is_refused(customer: Customer) -> None:
    role = customer.new_role(LEAST_PRIVILEGE, {**TRUST, "Principal": {"Service": "lambda.amazonaws.com"}})
    code, message = refused(lambda: start(customer, PASSES, RoleArn=role))
    assert code == "ValidationException"
    assert message.startswith(f"Could not assume role {role}.")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ProcessingJobName": "-homes"}, "at 'processingJobName' failed to satisfy constraint"),
        ({"StoppingCondition": {"MaxRuntimeInSeconds": 777_601}}, "less than or equal to 777600"),
        ({"Environment": {"1ST": "x"}}, "regular expression pattern: [a-zA-Z_]"),
        ({"arguments": ["x" * 257]}, "length less than or equal to 256"),
        ({"outputs": [s3_output(f"o{n}", RESULTS, "/opt/ml/processing/o") for n in range(11)]}, "equal to 10"),
        ({"ProcessingResources": {"ClusterConfig": {"VolumeSizeInGB": 16_385}}}, "equal to 16384"),
    ],
)
def test_the_service_models_limits_hold(customer: Customer, changes: dict, words: str) -> None:
    code, message = refused(lambda: start(customer, PASSES, **changes))
    assert code == "ValidationException"
    assert words in message


@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"ProcessingInputs": [{"InputName": "x", "AppManaged": True}]}, "AppManaged"),
        ({"ProcessingInputs": [{"InputName": "x", "DatasetDefinition": {}}]}, "DatasetDefinition"),
        ({"outputs": [{"OutputName": "x", "FeatureStoreOutput": {"FeatureGroupName": "f"}}]}, "FeatureStoreOutput"),
    ],
)
def test_what_only_aws_can_do_is_refused_by_its_name(customer: Customer, changes: dict, member: str) -> None:
    assert refused(lambda: start(customer, PASSES, **changes)) == (
        "ValidationException",
        f"the embedded cloud does not support {member}",
    )


def test_a_job_that_does_not_exist_is_not_found(customer: Customer) -> None:
    for call in (customer.sagemaker.describe_processing_job, customer.sagemaker.stop_processing_job):
        assert refused(lambda call=call: call(ProcessingJobName="never")) == (
            "ValidationException",
            "Could not find requested job with name: never",
        )


def test_jobs_are_listed_by_page_name_status_and_time_the_oldest_first(customer: Customer) -> None:
    batch = customer.name("batch")
    names = [start(customer, PASSES, ProcessingJobName=f"{batch}-{letter}") for letter in "bca"]
    for name in names:
        finished(customer, name)
    failed = process(customer, "raise SystemExit(3)\n", ProcessingJobName=f"{batch}-d")

    def listed(**filters: object) -> list[str]:
        pages = customer.sagemaker.get_paginator("list_processing_jobs").paginate(NameContains=batch, **filters)
        return [job["ProcessingJobName"][-1] for page in pages for job in page["ProcessingJobSummaries"]]

    assert listed() == listed(MaxResults=1) == ["b", "c", "a", "d"]
    assert listed(SortOrder="Descending", MaxResults=3) == ["d", "a", "c", "b"]
    assert listed(SortBy="Name") == ["a", "b", "c", "d"]
    assert listed(SortBy="Status", SortOrder="Descending")[0] == "d"
    assert listed(StatusEquals="Failed", MaxResults=1) == ["d"]
    assert listed(CreationTimeAfter=failed["CreationTime"]) == ["d"]
    assert listed(CreationTimeBefore=failed["CreationTime"]) == ["b", "c", "a"]
    assert listed(LastModifiedTimeAfter=failed["LastModifiedTime"] + timedelta(seconds=1)) == []
    (summary,) = customer.sagemaker.list_processing_jobs(NameContains=f"{batch}-d")["ProcessingJobSummaries"]
    assert (summary["ProcessingJobStatus"], summary["FailureReason"]) == ("Failed", failed["FailureReason"])
    page = customer.sagemaker.list_processing_jobs(NameContains=batch, MaxResults=1)
    token = page["NextToken"]
    assert refused(lambda: customer.sagemaker.list_training_jobs(NextToken=token))[0] == "ValidationException"


def test_stopping_a_job_ends_its_program(customer: Customer) -> None:
    waiting = "import os, sys, time\nopen(sys.argv[1] + '/pid', 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    target, folder = f"{RESULTS}/stopped", "/opt/ml/processing/output"
    output = s3_output("pid", target, folder, mode="Continuous")
    name = start(customer, waiting, arguments=[folder], outputs=[output])
    pid = int(until(lambda: objects(customer, target).get("/pid", ""), bool))
    assert alive(pid)
    customer.sagemaker.stop_processing_job(ProcessingJobName=name)
    assert described(customer, name)["ProcessingJobStatus"] in ("Stopping", "Stopped")
    assert finished(customer, name)["ProcessingJobStatus"] == "Stopped"
    until(lambda: alive(pid), lambda still: not still)
    assert refused(lambda: customer.sagemaker.stop_processing_job(ProcessingJobName=name)) == (
        "ValidationException",
        "The request was rejected because the processing job is in status Stopped.",
    )


def test_a_job_beyond_its_time_is_stopped(customer: Customer) -> None:
    job = process(customer, "import time\ntime.sleep(600)\n", StoppingCondition={"MaxRuntimeInSeconds": 2})
    assert job["ProcessingJobStatus"] == "Stopped"
    assert "FailureReason" not in job


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [("fail", "Failed", "AlgorithmError: a scripted fault failed this job (processing.fail)"), ("stop", "Stopped", "")],
)
def test_a_scripted_fault_occurs_as_often_as_scripted(customer: Customer, fault: str, status: str, reason: str) -> None:
    faults.set(customer.cloud, {"processing": {fault: 1}})
    job = process(customer, PASSES)
    assert (job["ProcessingJobStatus"], job.get("FailureReason", "")) == (status, reason)
    assert process(customer, PASSES)["ProcessingJobStatus"] == "Completed"


def test_a_scripted_hang_lasts_until_the_faults_change_and_concerns_no_training_job(customer: Customer) -> None:
    faults.set(customer.cloud, HANGS)
    name = start(customer, PASSES)
    assert customer.train(customer.put("1,2\n3,4\n"))["TrainingJobStatus"] == "Completed"
    time.sleep(0.5)
    assert described(customer, name)["ProcessingJobStatus"] == "InProgress"
    faults.clear(customer.cloud)
    assert finished(customer, name)["ProcessingJobStatus"] == "Completed"


def test_throttling_refuses_the_scripted_number_of_calls(customer: Customer) -> None:
    faults.set(customer.cloud, {"throttle": {"CreateProcessingJob": 1}})
    assert refused(lambda: start(customer, PASSES))[0] == "ThrottlingException"
    assert process(customer, PASSES)["ProcessingJobStatus"] == "Completed"

"""The training job operations: create, describe and stop, rejected requests, and scripted faults."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from refit.embedded_cloud import faults
from tests.support.embedded_cloud.customer import (
    BUCKET,
    LEAST_PRIVILEGE,
    ROWS,
    TRUST,
    Customer,
    needs_proc,
    refused,
    transitions,
)
from tests.support.waiting import until


def test_a_job_description_repeats_its_request(customer: Customer) -> None:
    faults.set(customer.cloud, {"training": "hang"})
    name = customer.start_job(customer.put(ROWS), Tags=[{"Key": "refit:pipeline", "Value": "homes"}])
    job = customer.job(name)
    assert job["TrainingJobStatus"] == "InProgress"
    assert "ModelArtifacts" not in job
    assert job["HyperParameters"] == {"predictor_type": "regressor", "mini_batch_size": "1"}
    assert job["RoleArn"] == customer.role
    assert job["StoppingCondition"] == {"MaxRuntimeInSeconds": 3600}
    assert "Tags" not in job
    tags = customer.sagemaker.list_tags(ResourceArn=job["TrainingJobArn"])["Tags"]
    assert tags == [{"Key": "refit:pipeline", "Value": "homes"}]


def test_a_role_is_assumed_only_if_it_trusts_sagemaker_for_this_account(customer: Customer) -> None:
    uri = customer.put(ROWS)
    others = [
        {**TRUST, "Principal": {"Service": "lambda.amazonaws.com"}},
        {**TRUST, "Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}},
        {**TRUST, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:eu-west-1:000000000000:*"}}},
    ]
    for trust in others:
        role = customer.new_role(LEAST_PRIVILEGE, trust)
        code, message = refused(lambda role=role: customer.start_job(uri, RoleArn=role))
        assert code == "ValidationException"
        assert message.startswith(f"Could not assume role {role}.")
    mine = {
        "StringEquals": {"aws:SourceAccount": "000000000000"},
        "ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:{customer.cloud.region}:000000000000:*"},
    }
    role = customer.new_role(LEAST_PRIVILEGE, {**TRUST, "Condition": mine})
    assert customer.train(uri, RoleArn=role)["TrainingJobStatus"] == "Completed"


def test_a_job_without_data_is_refused(customer: Customer) -> None:
    for uri in (f"s3://{BUCKET}/data/nothing-here/", "s3://no-such-bucket/data/"):
        code, message = refused(lambda uri=uri: customer.start_job(uri))
        assert code == "ValidationException"
        assert message.startswith(f'No S3 objects found under S3 URL "{uri}" given in input data source.')


def test_a_name_is_used_once(customer: Customer) -> None:
    uri = customer.put(ROWS)
    name = customer.start_job(uri)
    code, message = refused(lambda: customer.start_job(uri, TrainingJobName=name))
    assert code == "ResourceInUse"
    assert message == (
        "Training job names must be unique within an AWS account and region, and a training job with this name already "
        f"exists (arn:aws:sagemaker:{customer.cloud.region}:000000000000:training-job/{name})"
    )


def test_of_many_jobs_of_one_name_one_starts(customer: Customer) -> None:
    uri, name = customer.put(ROWS), customer.name("job")

    def start(_: int) -> str:
        try:
            return customer.start_job(uri, TrainingJobName=name)
        except customer.sagemaker.exceptions.ResourceInUse:
            return ""

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(start, range(6))) == [""] * 5 + [name]


def test_an_image_that_cannot_run_here_is_refused_with_what_can(customer: Customer) -> None:
    algorithm = {"TrainingImage": "174872318107.dkr.ecr.us-west-2.amazonaws.com/xgboost:1", "TrainingInputMode": "File"}
    uri = customer.put(ROWS)
    code, message = refused(lambda: customer.start_job(uri, AlgorithmSpecification=algorithm))
    assert code == "ValidationException"
    assert "cannot run the image" in message
    assert "linear-learner:1" in message


def test_a_job_that_does_not_exist_is_not_found(customer: Customer) -> None:
    for call in (customer.sagemaker.describe_training_job, customer.sagemaker.stop_training_job):
        assert refused(lambda call=call: call(TrainingJobName="never")) == (
            "ValidationException",
            "Requested resource not found.",
        )


@needs_proc
def test_stopping_a_job_ends_its_process(customer: Customer) -> None:
    faults.set(customer.cloud, {"training": "hang"})
    name = customer.start_job(customer.put(ROWS))
    customer.reached(name, "Training")
    assert customer.job_processes()

    customer.sagemaker.stop_training_job(TrainingJobName=name)
    job = customer.finished(name)
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "Stopped")
    assert transitions(job)[-3:] == ["Training", "Stopping", "Stopped"]
    until(customer.job_processes, lambda processes: not processes)
    assert refused(lambda: customer.sagemaker.stop_training_job(TrainingJobName=name)) == (
        "ValidationException",
        "The request was rejected because the training job is in status Stopped.",
    )


def test_a_job_beyond_its_time_is_stopped(customer: Customer) -> None:
    faults.set(customer.cloud, {"training": "hang"})
    job = customer.train(customer.put(ROWS), StoppingCondition={"MaxRuntimeInSeconds": 1})
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")
    assert transitions(job)[-1] == "MaxRuntimeExceeded"


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [("fail", "Failed", "AlgorithmError: a scripted fault"), ("stop", "Stopped", "")],
)
def test_a_scripted_fault_occurs_as_often_as_scripted(customer: Customer, fault: str, status: str, reason: str) -> None:
    uri = customer.put(ROWS)
    faults.set(customer.cloud, {"training": {fault: 1}})
    job = customer.train(uri)
    assert job["TrainingJobStatus"] == status
    assert job.get("FailureReason", "").startswith(reason)
    assert customer.train(uri)["TrainingJobStatus"] == "Completed"


def test_a_scripted_hang_lasts_until_the_faults_change(customer: Customer) -> None:
    faults.set(customer.cloud, {"training": "hang"})
    name = customer.start_job(customer.put(ROWS))
    customer.reached(name, "Training")
    time.sleep(0.5)
    assert customer.job(name)["SecondaryStatus"] == "Training"
    faults.clear(customer.cloud)
    assert customer.finished(name)["TrainingJobStatus"] == "Completed"


def test_throttling_refuses_the_scripted_number_of_calls(customer: Customer) -> None:
    faults.set(customer.cloud, {"throttle": {"DescribeTrainingJob": 2}})
    look: Callable[[], object] = lambda: customer.job("never")  # noqa: E731
    assert [refused(look)[0] for _ in range(3)] == ["ThrottlingException", "ThrottlingException", "ValidationException"]

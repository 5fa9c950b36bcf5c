"""Training jobs: they train, pass through AWS's statuses, stop, fail, and say why."""

from __future__ import annotations

import io
import os
import tarfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from refit.embedded_cloud import faults
from tests.support.embedded_cloud.customer import BUCKET, LEAST_PRIVILEGE, TRUST, Customer, needs_proc, refused, until

ROWS = "".join(f"{2 * x + 1},{x}\n" for x in range(20))


def transitions(job: dict) -> list[str]:
    return [transition["Status"] for transition in job["SecondaryStatusTransitions"]]


def metrics(job: dict) -> dict[str, float]:
    return {metric["MetricName"]: metric["Value"] for metric in job["FinalMetricDataList"]}


def test_a_job_trains_on_its_manifest_and_leaves_a_model(customer: Customer) -> None:
    customer.put(ROWS, "data/exact/1.csv")
    customer.put("5,2\n", "data/exact/2.csv")
    customer.put("not,data\n", "data/exact/3.csv")
    manifest = customer.put_manifest({"prefix": f"s3://{BUCKET}/data/exact/"}, "1.csv", "2.csv")
    validation = customer.put("4,1\n")

    job = customer.train(manifest, kind="ManifestFile", validation=validation)

    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Completed", "Completed")
    assert transitions(job) == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert "FailureReason" not in job
    assert metrics(job)["train:mse"] == pytest.approx(0, abs=1e-6)
    assert metrics(job)["validation:mse"] == pytest.approx(1, abs=1e-3)
    assert job["TrainingStartTime"] < job["TrainingEndTime"]
    assert job["BillableTimeInSeconds"] == job["TrainingTimeInSeconds"] >= 1
    artifact = job["ModelArtifacts"]["S3ModelArtifacts"]
    assert artifact == f"s3://{BUCKET}/models/{job['TrainingJobName']}/output/model.tar.gz"
    archive = customer.s3.get_object(Bucket=BUCKET, Key=artifact.removeprefix(f"s3://{BUCKET}/"))["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        assert tar.getnames() == ["model_algo-1"]


def test_a_prefix_channel_has_every_object_under_it_and_no_folders(customer: Customer) -> None:
    for number in range(3):
        customer.put(f"{number},{number}\n", f"data/prefix/2026-11-0{number + 1}.csv")
    customer.put("", "data/prefix/archive/")
    customer.put("7,7\n", "data/prefix/archive/old.csv")
    job = customer.train(f"s3://{BUCKET}/data/prefix/")
    stream = f"{job['TrainingJobName']}/algo-1"
    events = customer.logs.get_log_events(logGroupName="/aws/sagemaker/TrainingJobs", logStreamName=stream)["events"]
    assert "channel train: 4 objects" in [event["message"] for event in events]


def test_a_job_says_what_it_was_asked(customer: Customer) -> None:
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


@pytest.mark.parametrize(
    ("rows", "hyperparameters", "expected"),
    [
        ("price,rooms\n1,2\n", {"predictor_type": "regressor"}, "row 1: is a header"),
        ("1,2\n3,x\n", {"predictor_type": "regressor"}, "row 2: column 2 is not a number"),
        ("", {"predictor_type": "regressor"}, "is empty: it has no rows"),
        ("0,1\n2,1\n", {"predictor_type": "binary_classifier"}, "row 2: label 2"),
    ],
)
def test_bad_data_fails_the_job_with_object_row_and_reason(
    customer: Customer, rows: str, hyperparameters: dict[str, str], expected: str
) -> None:
    uri = customer.put(rows)
    job = customer.train(uri, HyperParameters=hyperparameters)
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Failed", "Failed")
    assert job["FailureReason"].startswith(f"ClientError: {uri}")
    assert expected in job["FailureReason"]
    assert transitions(job)[-2:] == ["Training", "Failed"]
    assert "ModelArtifacts" not in job


def test_fewer_rows_than_a_mini_batch_fail_the_job_as_on_aws(customer: Customer) -> None:
    job = customer.train(customer.put(ROWS), HyperParameters={"predictor_type": "regressor"})
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"] == (
        "ClientError: mini_batch_size (1000) is greater than the number of records per instance "
        "(20 records, InstanceCount 1); set the hyperparameter mini_batch_size to 20 or less"
    )


def test_unknown_hyperparameters_fail_the_job_as_the_algorithm_does(customer: Customer) -> None:
    job = customer.train(customer.put(ROWS), HyperParameters={"predictor_type": "regressor", "depth": "3"})
    assert job["FailureReason"] == "ClientError: Additional hyperparameters are not allowed ('depth' was unexpected)"


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (({"prefix": f"s3://{BUCKET}/data/"}, "never.csv"), f"object s3://{BUCKET}/data/never.csv (NoSuchKey"),
        (({"prefix": "s3://no-such-bucket/"}, "a.csv"), "object s3://no-such-bucket/a.csv ("),
        (({"prefix": f"s3://{BUCKET}/"}, "data//a.csv"), "has an illegal char sub-sequence"),
        (({"prefix": f"s3://{BUCKET}/"}, "../a.csv"), "has an illegal char sub-sequence"),
        (({"prefix": f"s3://{BUCKET}/"},), "No objects found for"),
        (("data/a.csv",), "is not a manifest"),
        (({"prefix": "data/"}, "a.csv"), "is not an s3:// URI"),
    ],
)
def test_a_manifest_of_what_is_not_there_fails_the_download(
    customer: Customer, entries: tuple[object, ...], expected: str
) -> None:
    job = customer.train(customer.put_manifest(*entries), kind="ManifestFile")
    assert job["FailureReason"].startswith("ClientError: Data download failed:")
    assert expected in job["FailureReason"]
    assert transitions(job)[-2:] == ["Downloading", "Failed"]


def test_an_object_that_the_role_may_not_read_fails_the_download(customer: Customer) -> None:
    allowed, secret = customer.put(ROWS), customer.put(ROWS, "secret/rows.csv")
    role = customer.new_role(
        [*LEAST_PRIVILEGE, {"Effect": "Deny", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/secret/*"}]
    )
    job = customer.train(secret, RoleArn=role)
    assert f"Data download failed:Unable to download object {secret} (AccessDenied" in job["FailureReason"]
    assert customer.train(allowed, RoleArn=role)["TrainingJobStatus"] == "Completed"


def test_an_output_that_the_role_may_not_write_fails_the_upload(customer: Customer) -> None:
    output = {"S3OutputPath": f"s3://{BUCKET}/elsewhere/"}
    job = customer.train(customer.put(ROWS), OutputDataConfig=output)
    assert job["FailureReason"].startswith(
        f"ClientError: Artifact upload failed:Error uploading s3://{BUCKET}/elsewhere/"
    )
    assert transitions(job)[-2:] == ["Uploading", "Failed"]


def test_a_role_without_logs_trains_all_the_same(customer: Customer) -> None:
    job = customer.train(customer.put(ROWS), RoleArn=customer.new_role(LEAST_PRIVILEGE[:3]))
    assert job["TrainingJobStatus"] == "Completed"


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
    assert customer.training_processes()

    customer.sagemaker.stop_training_job(TrainingJobName=name)
    assert customer.job(name)["TrainingJobStatus"] == "Stopping"
    job = customer.finished(name)
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "Stopped")
    assert transitions(job)[-3:] == ["Training", "Stopping", "Stopped"]
    until(customer.training_processes, lambda processes: not processes)
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
def test_a_scripted_fault_strikes_as_often_as_it_says(customer: Customer, fault: str, status: str, reason: str) -> None:
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


@needs_proc
def test_a_process_that_dies_fails_the_job(customer: Customer) -> None:
    faults.set(customer.cloud, {"training": "hang"})
    name = customer.start_job(customer.put(ROWS))
    customer.reached(name, "Training")
    for pid in until(customer.training_processes, bool):
        os.kill(pid, 9)
    faults.clear(customer.cloud)
    job = customer.finished(name)
    assert job["FailureReason"] == "AlgorithmError: the training process ended with exit status -9"

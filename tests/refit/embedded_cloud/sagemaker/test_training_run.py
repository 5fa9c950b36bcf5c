"""Training jobs: what they read and write, and the FailureReason of each phase."""

from __future__ import annotations

import gzip
import io
import os
import tarfile

import numpy as np
import pytest

from refit.embedded_cloud import faults
from refit.embedded_cloud.linear_learner import recordio
from refit.embedded_cloud.linear_learner.recordio import Record
from refit.embedded_cloud.linear_learner.tensors import Tensor
from tests.support.embedded_cloud.customer import (
    BUCKET,
    LEAST_PRIVILEGE,
    ROWS,
    Customer,
    channel,
    needs_proc,
    transitions,
)
from tests.support.waiting import until


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


def test_compressed_records_in_pipe_mode_train_as_rows_of_csv_do(customer: Customer) -> None:
    records = b"".join(
        recordio.write(Record({"values": Tensor(np.array([x]))}, {"values": Tensor(np.array([2 * x + 1]))}))
        for x in np.arange(20.0)
    )
    uri = customer.put(gzip.compress(records), "data/records/day.pbr.gz")
    compressed = channel("train", uri, "S3Prefix") | {"CompressionType": "Gzip", "InputMode": "Pipe"}
    del compressed["ContentType"]
    job = customer.train(uri, InputDataConfig=[compressed])
    assert job["TrainingJobStatus"] == "Completed"
    assert metrics(job)["train:mse"] == pytest.approx(0, abs=1e-6)

    in_file_mode = customer.train(uri, InputDataConfig=[compressed | {"InputMode": "File"}])
    assert in_file_mode["FailureReason"] == (
        "ClientError: channel train: CompressionType is used only in Pipe input mode; in File mode, omit it"
    )


@pytest.mark.parametrize(
    ("rows", "hyperparameters", "expected"),
    [
        ("price,rooms\n1,2\n", {"predictor_type": "regressor"}, "row 1 is a header: 'price, rooms'"),
        ("1,2\n3,x\n", {"predictor_type": "regressor"}, "row 2, column 2 is text: 'x'"),
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
        (({"prefix": f"s3://{BUCKET}/"}, "n" * 300), "File name too long"),
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


def test_a_file_and_a_folder_of_one_name_fail_the_download(customer: Customer) -> None:
    """https://github.com/boto/boto3/issues/2001"""
    for key in ("data/twice/x", "data/twice/x/y.csv"):
        customer.put(ROWS, key)
    job = customer.train(f"s3://{BUCKET}/data/twice/")
    assert job["FailureReason"] == (
        "ClientError: Data download failed:Failed to download data. "
        f"S3 key: s3://{BUCKET}/data/twice/x/y.csv: another object or folder has this name"
    )
    upside_down = customer.put_manifest({"prefix": f"s3://{BUCKET}/data/twice/"}, "x/y.csv", "x")
    reason = customer.train(upside_down, kind="ManifestFile")["FailureReason"]
    assert f"S3 key: s3://{BUCKET}/data/twice/x: another object or folder has this name" in reason


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


@needs_proc
def test_a_process_that_dies_fails_the_job(customer: Customer) -> None:
    faults.set(customer.cloud, {"training": "hang"})
    name = customer.start_job(customer.put(ROWS))
    customer.reached(name, "Training")
    for pid in until(customer.job_processes, bool):
        os.kill(pid, 9)
    faults.clear(customer.cloud)
    job = customer.finished(name)
    assert job["FailureReason"] == "AlgorithmError: the job's process ended with exit status -9"

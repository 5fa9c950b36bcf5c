"""Sessions, data and training jobs."""

from __future__ import annotations

import contextlib
import io
import json

import boto3
import sagemaker
from account import ACCOUNT, BUCKET, REGION, Account, estimator, same, step, training_input, until
from sagemaker.estimator import Estimator
from sagemaker.exceptions import UnexpectedStatusException

DATA = "".join(f"{2 * x + 1},{x}\n" for x in range(20))
TRUST = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}


@step
def session_and_role() -> None:
    iam = boto3.client("iam")
    document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    iam.create_role(RoleName="SageMakerRole", AssumeRolePolicyDocument=document)
    iam.attach_role_policy(RoleName="SageMakerRole", PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess")
    Account.session = sagemaker.Session()
    Account.role = Account.session.expand_role("SageMakerRole")
    same(Account.role, f"arn:aws:iam::{ACCOUNT}:role/SageMakerRole")


@step
def account_id() -> None:
    same(Account.session.account_id(), ACCOUNT)


@step
def default_bucket() -> None:
    same(Account.session.default_bucket(), BUCKET)
    boto3.client("s3").head_bucket(Bucket=BUCKET)


@step
def upload_string_as_file_body() -> None:
    Account.session.upload_string_as_file_body(DATA, BUCKET, "train/day.csv")
    same(Account.session.read_s3_file(BUCKET, "train/day.csv"), DATA)
    Account.uri = f"s3://{BUCKET}/train/"


@step
def upload_data_and_list_s3_files() -> None:
    uri = Account.session.upload_data(__file__, key_prefix="sources")
    same(uri, f"s3://{BUCKET}/sources/{__file__.rpartition('/')[2]}")
    same(Account.session.list_s3_files(BUCKET, "sources"), [uri.removeprefix(f"s3://{BUCKET}/")])


@step
def image_uris_retrieve() -> None:
    uri = sagemaker.image_uris.retrieve("linear-learner", REGION)
    same(uri, f"174872318107.dkr.ecr.{REGION}.amazonaws.com/linear-learner:1")


@step
def estimator_fit_with_logs() -> None:
    Account.estimator = estimator(tags=[{"Key": "team", "Value": "homes"}])
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        Account.estimator.fit({"train": training_input()}, logs="All")
    if "Training seconds:" not in written.getvalue():
        raise AssertionError(f"no training seconds in {written.getvalue()[-200:]!r}")


@step
def estimator_logs_of_the_job() -> None:
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        Account.estimator.logs()
    if "#quality_metric" not in written.getvalue():
        raise AssertionError(f"no metrics in the logs: {written.getvalue()[-200:]!r}")


@step
def model_data() -> None:
    name = Account.estimator.latest_training_job.name
    same(Account.estimator.model_data, f"s3://{BUCKET}/{name}/output/model.tar.gz")
    boto3.client("s3").head_object(Bucket=BUCKET, Key=f"{name}/output/model.tar.gz")


@step
def describe_training_job() -> None:
    described = Account.session.describe_training_job(Account.estimator.latest_training_job.name)
    same(described["TrainingJobStatus"], "Completed")
    same(described["HyperParameters"]["predictor_type"], "regressor")


@step
def list_tags() -> None:
    arn = Account.session.describe_training_job(Account.estimator.latest_training_job.name)["TrainingJobArn"]
    same(Account.session.list_tags(arn), [{"Key": "team", "Value": "homes"}])


@step
def estimator_attach() -> None:
    attached = Estimator.attach(Account.estimator.latest_training_job.name, Account.session)
    same(attached.model_data, Account.estimator.model_data)


@step
def estimator_fit_without_logs() -> None:
    second = estimator(use_spot_instances=True, max_run=3600, max_wait=7200)
    second.fit({"train": training_input(), "validation": training_input()}, logs=False)
    same(second.jobs[-1].describe()["EnableManagedSpotTraining"], True)


@step
def fit_raises_the_failure_reason() -> None:
    wrong = estimator(hyperparameters={"predictor_type": "regressor", "feature_dim": 7})
    try:
        wrong.fit({"train": training_input()}, logs=False)
    except UnexpectedStatusException as error:
        same(error.actual_status, "Failed")
        if "ClientError" not in str(error):
            raise AssertionError(f"no reason in {error}") from error
    else:
        raise AssertionError("the job did not fail")


@step
def fit_without_waiting_then_stop() -> None:
    third = estimator()
    third.fit({"train": training_input()}, wait=False)
    Account.session.stop_training_job(third.latest_training_job.name)
    # Session.wait_for_job takes Stopping for the end of a job.
    until(lambda: third.latest_training_job.describe()["TrainingJobStatus"] == "Stopped")

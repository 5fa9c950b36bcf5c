"""A pipeline whose data is in an existing bucket with a KMS key, which is read and never changed. Run in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

import pytest

from refit.aws import executions
from refit.aws.session import Aws
from refit.data import csv_rows
from refit.doctor import data_bucket
from refit.doctor.results import Status
from refit.embedded_cloud import lifecycle
from refit.embedded_cloud.strict import roles
from refit.pipeline import files
from tests.support.end_to_end.deployed import Deployed, apply
from tests.support.waiting import until

LAKE = "company-lake"
FILE = """\
pipeline = "lake-prices"
region   = "us-west-2"
schedule = {{ enabled = false }}
arrival  = {{ quiet_minutes = 10, max_wait_minutes = 30 }}
data     = {{ bucket = "company-lake", kms_key_arn = "{key}", prefix = "sales/", feature_dim = 13 }}
window   = {{ days = 7, holdout_days = 1, min_days = 2 }}
training = {{ hyperparameters = {{ mini_batch_size = "30" }} }}
gate     = {{ metric = "validation:mse", max = 100000, max_regression = 10 }}
slack    = {{ channel = "ml-deployments", token_parameter = "/refit/slack-token" }}
poll_interval_seconds = 1
force_destroy         = true
"""
TODAY = datetime.now(UTC).date()
OTHERS = "hr/salaries.csv"
SCALE = 0.05
"""How many seconds a second of a schedule lasts that is deleted when it has fired, as in test_arrival.py."""


@pytest.fixture(scope="module")
def cloud_settings() -> Mapping[str, str]:
    return {"REFIT_LOCAL_SECONDS_SCALE": str(SCALE)}


class Lake:
    """The existing bucket, which sends events and encrypts every object with a key of its own."""

    def __init__(self, aws: Aws) -> None:
        self.s3 = aws.s3
        self.key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
        aws.s3.create_bucket(Bucket=LAKE, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        default: Any = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": self.key}
        aws.s3.put_bucket_encryption(
            Bucket=LAKE,
            ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": default}]},
        )
        aws.s3.put_bucket_notification_configuration(
            Bucket=LAKE, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        aws.s3.put_object(Bucket=LAKE, Key=OTHERS, Body=b"secret\n")

    def add(self, stack: Deployed, days_ago: int) -> None:
        day = TODAY - timedelta(days=days_ago)
        self.s3.put_object(Bucket=LAKE, Key=f"sales/{day}.csv", Body=csv_rows.body(stack.sales(day)))

    def contents(self) -> dict[str, Any]:
        """Everything that a stack could change: the objects, and the settings of the bucket."""
        settings: dict[str, Any] = {
            name: {member: value for member, value in read(Bucket=LAKE).items() if member != "ResponseMetadata"}
            for name, read in {
                "encryption": self.s3.get_bucket_encryption,
                "notification": self.s3.get_bucket_notification_configuration,
                "versioning": self.s3.get_bucket_versioning,
            }.items()
        }
        objects = self.s3.list_objects_v2(Bucket=LAKE)["Contents"]
        return {**settings, "objects": [(item["Key"], item["ETag"], str(item["LastModified"])) for item in objects]}


@pytest.fixture(scope="module")
def lake(aws: Aws) -> Lake:
    return Lake(aws)


@pytest.fixture(scope="module")
def stack(cloud: lifecycle.Cloud, lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    made = apply(cloud, tmp_path_factory.mktemp("checkout"), FILE.format(key=lake.key), name="lake-prices")
    for days_ago in (3, 2, 1):
        lake.add(made, days_ago)
    return made


def test_doctor_can_read_the_bucket_whose_events_are_on(stack: Deployed) -> None:
    checks = list(data_bucket.check(files.load(stack.ref), stack.aws))

    assert [(check.subject, check.status) for check in checks] == [
        (data_bucket.SUBJECT, Status.OK),
        (data_bucket.EVENTS, Status.OK),
    ]


def test_a_run_trains_on_the_bucket_and_writes_only_to_its_own(stack: Deployed, lake: Lake) -> None:
    before = lake.contents()

    ending = stack.run(TODAY - timedelta(days=1))

    assert (ending.status, ending.outcome) == ("SUCCEEDED", "Deployed"), ending.reason
    document = ending.document
    assert (document["bucket"], document["data_bucket"]) == (stack.stack.bucket, LAKE)
    for manifest in (document["manifest"], document["validation"]):
        assert manifest.startswith(f"s3://{stack.stack.bucket}/runs/lake-prices/")
        body = stack.aws.s3.get_object(Bucket=stack.stack.bucket, Key=manifest.split("/", 3)[3])["Body"].read()
        assert json.loads(body)[0] == {"prefix": f"s3://{LAKE}/sales/"}
    assert lake.contents() == before
    assert "Contents" not in stack.aws.s3.list_objects_v2(Bucket=stack.stack.bucket, Prefix="sales/")


def test_a_day_that_arrives_there_starts_a_run_that_is_compared_on_its_rows(stack: Deployed, lake: Lake) -> None:
    earlier = set(executions.recent(stack.aws, stack.stack.state_machine_arn))

    lake.add(stack, 0)
    arn = until(lambda: set(executions.recent(stack.aws, stack.stack.state_machine_arn)) - earlier, seconds=120).pop()
    ending = stack.finish(arn)

    assert (ending.status, ending.outcome) == ("SUCCEEDED", "Deployed"), ending.reason
    assert ending.document["newest"] == stack.watermark() == TODAY.isoformat()
    assert ending.document["evaluation"]["champion"] is not None


def test_the_roles_reach_nothing_else_of_the_bucket(stack: Deployed) -> None:
    allowed = stack.terraform.outputs()["data_grants"]

    assert [one["Action"] for one in allowed["bucket_policy"]] == ["s3:ListBucket", "s3:GetObject"]
    assert stack.terraform.drift() == ""


def test_without_the_key_the_training_job_fails_and_the_endpoint_stays(stack: Deployed) -> None:
    iam, role = stack.aws.client("iam"), "refit-lake-prices-sagemaker"
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    kept = [statement for statement in document["Statement"] if statement["Action"] != "kms:Decrypt"]
    assert len(kept) == len(document["Statement"]) - 1
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps({**document, "Statement": kept}))
    sleep(roles.SECONDS)  # until then, the previous policy is in force, as on AWS
    live = stack.endpoint()["EndpointConfigName"]

    ending = stack.run(TODAY, force=True)

    assert ending.outcome == "JobFailed"
    assert "kms:Decrypt" in ending.reason
    assert stack.endpoint()["EndpointConfigName"] == live


def test_a_destroy_leaves_the_bucket_as_it_is(stack: Deployed, lake: Lake) -> None:
    before = lake.contents()

    stack.terraform.run("destroy", ["-auto-approve", "-no-color"])

    assert lake.contents() == before
    assert lake.s3.get_object(Bucket=LAKE, Key=f"sales/{TODAY}.csv")["SSEKMSKeyId"] == lake.key

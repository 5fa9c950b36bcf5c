"""An existing bucket with data: what `validate --live` and `doctor` say about it, and that `upload` leaves it alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.data.coverage import survey
from refit.data.freshness import newest_day
from refit.data.live_check import Verdict, validate_live
from refit.data.upload import refuse_existing_bucket
from refit.doctor import data_bucket
from refit.doctor.results import Check, Status
from refit.domain.data_bucket import DataBucket
from refit.domain.window import window_of
from refit.errors import AccessDenied, RefitError
from refit.pipeline import files
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef
from tests.support.checkout import write

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
OWN, OTHER = "000000000000", "111122223333"
ARRIVAL = "arrival = { quiet_minutes = 15 }"
KEY = f"arn:aws:kms:us-west-2:{OTHER}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


class Lake:
    """A bucket with four days of data, and a pipeline that reads it."""

    def __init__(self, root: Path, aws: Aws, region: str = "us-west-2") -> None:
        self.root, self.aws, self.name = root, aws, f"lake-{uuid4().hex[:12]}"
        s3 = Aws(region, aws.endpoint_url, ("test", "test")).s3
        s3.create_bucket(Bucket=self.name, CreateBucketConfiguration={"LocationConstraint": region})  # type: ignore[typeddict-item]
        for day in range(19, 23):
            s3.put_object(Bucket=self.name, Key=f"sales/2026-11-{day}.csv", Body=b"1,2,3\n4,5,6\n")

    def ref(self, *lines: str, **data: str) -> PipelineRef:
        more = "".join(f', {field} = "{value}"' for field, value in data.items())
        head = 'pipeline = "prices"\nregion = "us-west-2"\nwindow = { days = 4, holdout_days = 1 }'
        text = f'data = {{ bucket = "{self.name}", prefix = "sales/", feature_dim = 2{more} }}'
        return write(self.root, "\n".join((head, text, *lines, "")), "prices", "local")

    def pipeline(self, *lines: str, **data: str) -> Pipeline:
        return files.load(self.ref(*lines, **data))

    def verdict(self, *lines: str, **data: str) -> Verdict:
        (found,) = validate_live([self.ref(*lines, **data)], AT)
        json.dumps(found.document())
        return found

    def checks(self, *lines: str, **data: str) -> dict[str, Check]:
        return {check.subject: check for check in data_bucket.check(self.pipeline(*lines, **data), self.aws)}

    def send_events(self) -> None:
        settings = {"EventBridgeConfiguration": {}}
        self.aws.s3.put_bucket_notification_configuration(Bucket=self.name, NotificationConfiguration=settings)  # type: ignore[arg-type]


@pytest.fixture
def lake(tmp_path: Path, aws: Aws, exported: None) -> Lake:
    return Lake(tmp_path, aws)


def codes(verdict: Verdict) -> list[tuple[str, bool, int]]:
    return [(finding.problem.code, finding.warning, finding.problem.line) for finding in verdict.findings]


def test_coverage_and_freshness_are_those_of_the_existing_bucket(lake: Lake, aws: Aws) -> None:
    pipeline = lake.pipeline()
    stack = Stack.of(pipeline, aws)

    found = survey(aws, stack.data_bucket, pipeline, window_of(pipeline.window.settings, AT), sample=True)

    assert (found.bucket, len(found.with_data), found.enough) == (lake.name, 4, True)
    assert newest_day(aws, stack.data_bucket, stack.keys, AT.date()) == AT.date()
    assert stack.bucket == f"prices-{OWN}-us-west-2"
    assert lake.verdict().passed


def test_another_owner_than_the_declared_one_is_refused(lake: Lake, aws: Aws) -> None:
    pipeline = lake.pipeline(bucket_owner=OTHER)

    with pytest.raises(AccessDenied, match=f"list s3://{lake.name}/sales/"):
        survey(aws, DataBucket(lake.name, OTHER), pipeline, window_of(pipeline.window.settings, AT))
    assert codes(lake.verdict(bucket_owner=OTHER)) == [("data-unknown", False, 4)]
    assert lake.verdict(bucket_owner=OWN).passed


def test_arrival_without_events_is_reported_and_with_them_is_not(lake: Lake) -> None:
    assert codes(lake.verdict()) == []
    assert codes(lake.verdict(ARRIVAL)) == [("bucket-events", False, 5)]
    assert lake.checks(ARRIVAL)["data events"].status is Status.NOT_OK
    lake.send_events()
    assert codes(lake.verdict(ARRIVAL)) == []
    assert lake.checks(ARRIVAL)["data events"].status is Status.OK


def test_settings_that_may_not_be_read_are_unknown_and_not_off(lake: Lake, user: Aws) -> None:
    lake.send_events()
    lake.aws = user

    checks = lake.checks(ARRIVAL)

    assert checks["data bucket"].status is Status.OK
    assert checks["data events"].status is Status.NOT_CHECKED
    assert checks["data events"].detail.startswith(f"your credentials may not read whether {lake.name} sends events")


@pytest.fixture
def user(lake: Lake, aws: Aws) -> Aws:
    """A user who may only list the bucket."""
    iam, name = aws.client("iam"), f"user-{uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{lake.name}"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    iam.put_user_policy(UserName=name, PolicyName="list", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Aws(aws.region, aws.endpoint_url, (key["AccessKeyId"], key["SecretAccessKey"]))


def test_a_bucket_in_another_region_is_reported(tmp_path: Path, aws: Aws, exported: None) -> None:
    lake = Lake(tmp_path, aws, "eu-west-1")

    first = lake.verdict().findings[0].problem

    assert (first.code, first.message) == (
        "bucket-region",
        f"the bucket {lake.name} is in eu-west-1, but the stack is in us-west-2: SageMaker trains only on data there",
    )
    assert lake.checks()["data bucket"].status is Status.NOT_OK


def test_a_missing_bucket_is_not_one_that_apply_creates(lake: Lake) -> None:
    lake.name = "no-such-lake"
    found = lake.verdict()

    assert codes(found) == [("bucket-missing", False, 4)]
    assert found.findings[0].problem.hint == "correct data.bucket, the name of an existing bucket"
    assert lake.checks()["data bucket"].detail == "there is no bucket no-such-lake"


def test_doctor_prints_the_statements_for_the_policies_of_another_account(lake: Lake) -> None:
    checks = lake.checks(ARRIVAL, bucket_owner=OTHER, kms_key_arn=KEY)

    heading, lists, reads, decrypts = checks["data policies"].detail.splitlines()
    assert heading == "statements that another account must have in its policies:"
    assert lists.startswith('the bucket\'s policy: {"Sid": "RefitListsPrices", "Effect": "Allow"')
    assert '"Action": "s3:GetObject"' in reads
    assert decrypts.startswith("the key's policy: ")
    assert f"go to account {OTHER} only" in checks["data events"].detail
    assert checks["data events"].fix.startswith(
        f"have a rule in account {OTHER} send them to arn:aws:events:us-west-2:{OWN}:"
    )
    assert "data policies" not in lake.checks(bucket_owner=OWN)


def test_without_an_existing_bucket_nothing_is_checked(lake: Lake, aws: Aws) -> None:
    own = lake.pipeline().model_copy(update={"data": lake.pipeline().data.model_copy(update={"bucket": None})})

    assert list(data_bucket.check(own, aws)) == []
    assert Stack.of(own, aws).data_bucket == DataBucket(f"prices-{OWN}-us-west-2")
    refuse_existing_bucket(own.data)


def test_upload_does_not_write_to_it_unless_told(lake: Lake) -> None:
    with pytest.raises(RefitError, match="is not the stack's own bucket") as caught:
        refuse_existing_bucket(lake.pipeline().data)
    assert caught.value.hint == "add --to-data-bucket to write to it"

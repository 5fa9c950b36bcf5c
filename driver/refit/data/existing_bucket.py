"""Checks an existing bucket with data (`data.bucket`): its region, and whether it sends the events for `arrival`.

Changes nothing: the bucket belongs to someone else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from botocore.exceptions import ClientError

from refit.aws.session import Aws, calling
from refit.aws.stack import Stack
from refit.errors import AccessDenied
from refit.pipeline.model import Pipeline

REGION_HEADER = "x-amz-bucket-region"
TURN_ON = "have the owner of the bucket turn on its notifications to Amazon EventBridge (in the bucket's properties)"


class Topic(StrEnum):
    """What a finding is about."""

    REGION = "region"
    EVENTS = "events"


class Found(NamedTuple):
    """What is wrong with the bucket and what to do about it. Without `certain`, it could not be checked."""

    topic: Topic
    message: str
    advice: str
    certain: bool


def found(aws: Aws, pipeline: Pipeline) -> list[Found]:
    """The findings about the existing bucket; none without one. Raises AwsError if the bucket cannot be reached."""
    if pipeline.data.bucket is None:
        return []
    stack = Stack.of(pipeline, aws)
    findings = [_region(aws, stack)]
    if pipeline.arrival is not None:
        findings.append(_events(aws, stack))
    return [one for one in findings if one]


def _region(aws: Aws, stack: Stack) -> Found | None:
    """A training job reads only buckets in its own region. S3 names a bucket's region even to callers without access.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
    """
    name = stack.data_bucket.name
    try:
        region = aws.s3.head_bucket(Bucket=name)["ResponseMetadata"]["HTTPHeaders"].get(REGION_HEADER)
    except ClientError as error:
        region = error.response["ResponseMetadata"]["HTTPHeaders"].get(REGION_HEADER)
    if not region or region == aws.region:
        return None
    message = f"the bucket {name} is in {region}, but the stack is in {aws.region}: SageMaker trains only on data there"
    advice = f'write region = "{region}", or have the data replicated to a bucket in {aws.region}'
    return Found(Topic.REGION, message, advice, certain=True)


def _events(aws: Aws, stack: Stack) -> Found | None:
    """S3 sends the events of a bucket only to EventBridge in the account that owns it.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
    """
    bucket = stack.data_bucket
    if bucket.owner and bucket.owner != stack.account:
        partition, region = stack.state_machine_arn.split(":")[1], aws.region
        message = (
            f"the events of {bucket.name} go to account {bucket.owner} only; arrival starts runs if they are forwarded"
        )
        bus = f"arn:{partition}:events:{region}:{stack.account}:event-bus/default"
        advice = f"have a rule in account {bucket.owner} send them to {bus}, whose policy must allow that account"
        return Found(Topic.EVENTS, message, advice, certain=False)
    try:
        with calling(f"read the notifications of s3://{bucket.name}"):
            settings = aws.s3.get_bucket_notification_configuration(**bucket.members)
    except AccessDenied:
        message = f"your credentials may not read whether {bucket.name} sends events, which arrival needs"
        return Found(Topic.EVENTS, message, f"allow s3:GetBucketNotification on it, or {TURN_ON}", certain=False)
    if "EventBridgeConfiguration" in settings:
        return None
    message = f"the bucket {bucket.name} sends no events to Amazon EventBridge: arriving data starts no run"
    return Found(Topic.EVENTS, message, TURN_ON, certain=True)

"""A new S3 object invokes a function through an EventBridge rule, as on AWS."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.waiting import until

REGION = "us-west-2"

# Writes each event to an object of another bucket; if the key says so, it fails while the event is new.
LISTENER = """
import boto3, json
from datetime import UTC, datetime

def handler(event, context):
    key = event["detail"]["object"]["key"]
    age = datetime.now(UTC) - datetime.fromisoformat(event["time"])
    if "patience" in key and age.total_seconds() < 2.5:
        raise RuntimeError("not yet")
    boto3.client("s3").put_object(Bucket="%s", Key=key, Body=json.dumps(event))
"""


@pytest.fixture(scope="module")
def received(client, function, role) -> Callable[..., list[dict[str, Any]]]:
    """Reads the events of data/ in the bucket `landing` that reached a function, in the order of keys."""
    s3, heard = client("s3"), f"heard-{uuid.uuid4().hex[:8]}"
    for bucket in ("landing", heard):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    rights = (("s3:PutObject", f"arn:aws:s3:::{heard}/*"), ("logs:*", "*"))
    listener = function(LISTENER % heard, role("lambda", *rights))
    pattern = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": ["landing"]}, "object": {"key": [{"prefix": "data/"}]}},
    }
    for rule in ("lets", "lets-not"):
        listens(client, rule, pattern, listener)
    allow(client, "lets", listener)
    s3.put_bucket_notification_configuration(
        Bucket="landing", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )

    def read(last: str) -> list[dict[str, Any]]:
        """The events up to that of the object `last`; each event is returned only once."""

        def arrived() -> list[str]:
            return [each["Key"] for each in s3.list_objects_v2(Bucket=heard).get("Contents", [])]

        keys = until(arrived, lambda found: last in found)
        events = [json.loads(s3.get_object(Bucket=heard, Key=key)["Body"].read()) for key in keys]
        for key in keys:
            s3.delete_object(Bucket=heard, Key=key)
        return events

    return read


class TestAnObject:
    def test_is_reported_as_on_aws(self, client, received):
        etag = client("s3").put_object(Bucket="landing", Key="data/a day/part+1.csv", Body=b"1,2\n")["ETag"]
        (event,) = received("data/a day/part+1.csv")
        assert (event["source"], event["detail-type"]) == ("aws.s3", "Object Created")
        assert event["time"].endswith("Z")
        assert event["detail"]["bucket"] == {"name": "landing"}
        assert event["detail"]["object"]["key"] == "data/a day/part+1.csv"
        assert event["detail"]["object"]["size"] == 4
        assert event["detail"]["object"]["etag"] == etag.strip('"')
        assert event["detail"]["reason"] == "PutObject"

    def test_that_is_elsewhere_or_deleted_is_not_reported(self, client, received):
        client("s3").put_object(Bucket="landing", Key="other/day.csv", Body=b"1,2\n")
        client("s3").delete_object(Bucket="landing", Key="data/a day/part+1.csv")
        client("s3").put_object(Bucket="landing", Key="data/next.csv", Body=b"1,2\n")
        assert keys(received("data/next.csv")) == ["data/next.csv"]

    def test_is_reported_again_to_a_function_that_failed(self, client, received):
        client("s3").put_object(Bucket="landing", Key="data/patience", Body=b"1,2\n")
        assert keys(received("data/patience")) == ["data/patience"]

    def test_is_not_reported_to_a_function_without_permission_for_the_rule(self, client, received):
        client("events").disable_rule(Name="lets")
        client("s3").put_object(Bucket="landing", Key="data/day.csv", Body=b"1,2\n")
        client("events").enable_rule(Name="lets")
        client("s3").put_object(Bucket="landing", Key="data/next.csv", Body=b"1,2\n")
        assert keys(received("data/next.csv")) == ["data/next.csv"]


def keys(events: list[dict[str, Any]]) -> list[str]:
    return [event["detail"]["object"]["key"] for event in events]


def listens(client: Any, rule: str, pattern: dict[str, Any], function: str) -> None:
    client("events").put_rule(Name=rule, EventPattern=json.dumps(pattern))
    client("events").put_targets(Rule=rule, Targets=[{"Id": "function", "Arn": function}])


def allow(client: Any, rule: str, function: str) -> None:
    client("lambda").add_permission(
        FunctionName=function,
        StatementId=rule,
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=client("events").describe_rule(Name=rule)["Arn"],
    )

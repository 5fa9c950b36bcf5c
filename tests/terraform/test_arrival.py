"""What hears that data arrives, and where the code of an own algorithm goes."""

from __future__ import annotations

import hashlib
import json

from tests.support.terraform.planner import SOURCE, Plan

BUCKET = "home-prices-000000000000-us-west-2"
NAME = "refit-home-prices-arrival"
FUNCTION = "refit-home-prices-object-arrived"


def test_new_objects_under_the_data_prefix_are_told_to_object_arrived(whole: Plan) -> None:
    arrival = whole.module("arrival[0]")

    assert arrival["aws_s3_bucket_notification.this"]["eventbridge"] is True
    rule = arrival["aws_cloudwatch_event_rule.this"]
    assert rule["name"] == whole.output.outputs["arrival"] == NAME
    assert json.loads(rule["event_pattern"]) == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [BUCKET]}, "object": {"key": [{"prefix": "data/home-prices/train/"}]}},
    }
    assert arrival["aws_cloudwatch_event_target.this"]["arn"].endswith(f":function:{FUNCTION}")


def test_the_rule_alone_may_invoke_object_arrived(whole: Plan) -> None:
    permission = whole.module("arrival[0]")["aws_lambda_permission.this"]

    assert (permission["action"], permission["principal"]) == ("lambda:InvokeFunction", "events.amazonaws.com")
    assert permission["function_name"] == FUNCTION
    [planned] = [
        change["change"]
        for change in whole.output["resource_changes"]
        if change["address"] == "module.arrival[0].aws_lambda_permission.this"
    ]
    # The rule's own ARN, which only AWS says.
    assert planned["after_unknown"]["source_arn"] is True


def test_object_arrived_knows_what_to_start_when_and_as_whom(whole: Plan) -> None:
    function = whole.module("functions")['aws_lambda_function.this["object_arrived"]']

    assert function["environment"] == [
        {
            "variables": {
                "PIPELINE": "home-prices",
                "STATE_MACHINE_ARN": "arn:aws:states:us-west-2:000000000000:stateMachine:refit-home-prices",
                "SCHEDULE": NAME,
                "SCHEDULE_GROUP": "refit-home-prices",
                "SCHEDULE_ROLE_ARN": "arn:aws:iam::000000000000:role/refit-home-prices-schedule",
                "PREFIX": "data/home-prices/train/",
                "QUIET_MINUTES": "10",
                "MAX_WAIT_MINUTES": "90",
            }
        }
    ]


def test_the_code_of_an_own_algorithm_lies_under_its_hash(whole: Plan) -> None:
    code = whole.module("source[0]")["aws_s3_object.this"]

    assert code["key"] == f"code/{hashlib.sha256(SOURCE).hexdigest()}/source.tar.gz"
    assert code["bucket"] == BUCKET
    # An object in S3 may have ten tags at most, a stack forty.
    assert not code.get("tags_all")

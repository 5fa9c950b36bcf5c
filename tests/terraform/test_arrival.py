"""The event rule for arriving data, and the upload of a custom algorithm's code."""

from __future__ import annotations

import json
from pathlib import Path

from refit.artifacts import source_archive
from tests.support.terraform.planner import Plan, Planner

BUCKET = "home-prices-000000000000-us-west-2"
NAME = "refit-home-prices-arrival"
FUNCTION = "refit-home-prices-object-arrived"


def test_new_objects_under_the_data_prefix_invoke_object_arrived(whole: Plan) -> None:
    arrival = whole.module("arrival[0]")

    assert arrival["aws_s3_bucket_notification.this[0]"]["eventbridge"] is True
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
    # The ARN of the rule, known after apply.
    assert planned["after_unknown"]["source_arn"] is True


def test_object_arrived_has_its_settings_in_environment_variables(whole: Plan) -> None:
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
                "FORMAT": "csv",
                "CONTENT_TYPE": "text/csv; label_size=1",
                "LAYOUT": "dt=%Y-%m-%d/",
                "READY": "_SUCCESS",
            }
        }
    ]


def test_the_key_of_a_custom_algorithms_code_has_its_hash(planner: Planner, whole: Plan, tmp_path: Path) -> None:
    code = whole.module("source[0]")["aws_s3_object.this"]
    sha256 = source_archive.pack(planner.ref.project.root / "examples" / "own", tmp_path / "source.tar.gz")

    assert code["key"] == f"code/{sha256}/source.tar.gz"
    assert code["bucket"] == BUCKET
    # S3 allows ten tags on an object, a pipeline file forty.
    assert not code.get("tags_all")

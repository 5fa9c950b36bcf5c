"""The resources of a pipeline's stack and their settings."""

from __future__ import annotations

import json
from typing import Any

import pytest

from refit.domain import handlers
from refit.version import VERSION
from tests.support.terraform.planner import Plan

FUNCTIONS = sorted(handlers.ALWAYS)
BUCKET = "home-prices-000000000000-us-west-2"
STATE_MACHINE = "arn:aws:states:us-west-2:000000000000:stateMachine:refit-home-prices"


@pytest.mark.parametrize(
    ("module", "in_plan", "in_polling", "in_whole"),
    [
        ("bucket", 6, 6, 6),
        ("watermark", 4, 4, 4),
        ("sagemaker_role[0]", 2, 2, 2),
        ("source[0]", 0, 0, 1),
        ("permissions", 0, 0, 0),
        ("functions", 3 * 4 + 1, 7 * 4 + 1, 6 * 4 + 1),
        ("state_machine", 5, 5, 5),
        ("schedule", 4, 4, 4),
        ("arrival[0]", 0, 0, 4),
        ("alarms", 4, 4, 4),
    ],
)
def test_each_module_makes_what_it_is_named_after(
    plan: Plan, polling: Plan, whole: Plan, module: str, in_plan: int, in_polling: int, in_whole: int
) -> None:
    assert [len(each.module(module)) for each in (plan, polling, whole)] == [in_plan, in_polling, in_whole]


def test_nothing_else_is_made(plan: Plan, polling: Plan, whole: Plan) -> None:
    for planned, resources in ((plan, 39), (polling, 55), (whole, 56)):
        changes = planned.output["resource_changes"]
        kinds = [change["type"] for change in changes if change["change"]["actions"] != ["read"]]
        assert len(kinds) == resources
        assert [kind for kind in kinds if not kind.startswith("aws_")] == ["terraform_data"]


def test_every_name_derives_from_the_pipelines(plan: Plan) -> None:
    names = [f"refit-home-prices-{key.replace('_', '-')}" for key in FUNCTIONS]

    assert plan.output.outputs == {
        "pipeline": "home-prices",
        "environment": "local",
        "region": "us-west-2",
        "bucket": BUCKET,
        "data_bucket": BUCKET,
        "data_prefix": "data/home-prices/train/",
        "data_grants": {"bucket_policy": [], "key_policy": []},
        "endpoint": "home-prices",
        "state_machine_arn": STATE_MACHINE,
        "schedule": "refit-home-prices",
        "arrival": None,
        "watermark_parameter": "/models/home-prices/train/latest",
        "run_parameter": "/models/home-prices/train/run",
        "hold_parameter": "/models/home-prices/hold",
        "commit_parameter": "/models/home-prices/train/commit",
        "sagemaker_role_arn": "arn:aws:iam::000000000000:role/refit-home-prices-sagemaker",
        "lambda_functions": dict(zip(FUNCTIONS, names, strict=True)),
        "log_groups": {key: f"/aws/lambda/{name}" for key, name in zip(FUNCTIONS, names, strict=True)}
        | {"state_machine": "/aws/vendedlogs/states/refit-home-prices"},
        "alarms": [f"refit-home-prices-runs-{end}" for end in ("aborted", "failed", "not-started", "timed-out")],
    }


def test_each_lambda_runs_its_handler_and_has_no_secret(plan: Plan, polling: Plan, whole: Plan) -> None:
    for planned, keys in (
        (plan, FUNCTIONS),
        (polling, [*FUNCTIONS, *handlers.POLLING]),
        (whole, [*FUNCTIONS, *handlers.GATE, *handlers.CONTRACT, *handlers.ARRIVAL]),
    ):
        functions = planned.resources("aws_lambda_function")
        assert {function["handler"] for function in functions.values()} == {f"lambdas.{key}.handler" for key in keys}
        for function in functions.values():
            seconds = {"evaluate_model": 300, "check_quality": 900}.get(function["handler"].split(".")[1], 60)
            assert function["runtime"] == "python3.12"
            assert function["timeout"] == seconds
            assert (function["memory_size"] >= 1024) == (seconds > 60)
            assert bool(function["environment"]) == (function["handler"] == "lambdas.object_arrived.handler")
            assert function["reserved_concurrent_executions"] == -1


def test_every_log_is_kept_for_as_long_as_the_pipeline_says(plan: Plan, own: Plan) -> None:
    for planned, days in ((plan, 30), (own, 7)):
        groups = planned.resources("aws_cloudwatch_log_group")
        assert len(groups) == 4
        assert {group["retention_in_days"] for group in groups.values()} == {days}


def test_the_bucket_is_private_encrypted_versioned_and_refuses_plain_http(plan: Plan) -> None:
    bucket = plan.module("bucket")
    blocked = bucket["aws_s3_bucket_public_access_block.this"]
    assert all(blocked[what] for what in blocked if what.startswith(("block_", "ignore_", "restrict_")))
    assert bucket["aws_s3_bucket_ownership_controls.this"]["rule"] == [{"object_ownership": "BucketOwnerEnforced"}]
    encryption = bucket["aws_s3_bucket_server_side_encryption_configuration.this"]["rule"][0]
    assert encryption["apply_server_side_encryption_by_default"][0]["sse_algorithm"] == "AES256"
    assert bucket["aws_s3_bucket_versioning.this"]["versioning_configuration"][0]["status"] == "Enabled"
    [statement] = json.loads(bucket["aws_s3_bucket_policy.this"]["policy"])["Statement"]
    assert statement == {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_a_bucket_with_data_survives_a_destroy_unless_asked(plan: Plan, own: Plan) -> None:
    assert plan.module("bucket")["aws_s3_bucket.this"]["force_destroy"] is True
    assert own.module("bucket")["aws_s3_bucket.this"]["force_destroy"] is False


def test_nothing_expires_unless_asked(plan: Plan, own: Plan) -> None:
    assert plan.resources("aws_s3_bucket_lifecycle_configuration") == {}
    [lifecycle] = own.resources("aws_s3_bucket_lifecycle_configuration").values()
    rules = {rule["filter"][0]["prefix"]: rule for rule in lifecycle["rule"]}
    uploads = rules.pop("")  # incomplete ones, in the whole bucket
    assert {prefix: rule["expiration"][0]["days"] for prefix, rule in rules.items()} == {"runs/": 90, "models/": 365}
    for rule in rules.values():
        assert rule["noncurrent_version_expiration"][0]["noncurrent_days"] == rule["expiration"][0]["days"]
    assert (uploads["abort_incomplete_multipart_upload"][0]["days_after_initiation"], uploads["expiration"]) == (7, [])


def test_the_initial_parameters_mean_never_deployed_and_not_held(plan: Plan) -> None:
    parameters = plan.module("watermark").values()

    assert {parameter["type"] for parameter in parameters} == {"String"}
    assert {parameter["name"]: parameter["value"] for parameter in parameters} == {
        "/models/home-prices/train/latest": "never",
        "/models/home-prices/train/run": "never",
        "/models/home-prices/train/commit": "never",
        "/models/home-prices/hold": "none",
    }


def test_the_definition_holds_the_arns_of_the_stack_before_anything_exists(plan: Plan) -> None:
    definition = plan.module("state_machine")["aws_sfn_state_machine.this"]["definition"]

    states = json.loads(definition)["States"]
    assert states["CheckData"]["Resource"] == (
        "arn:aws:lambda:us-west-2:000000000000:function:refit-home-prices-check-data"
    )
    assert BUCKET in definition
    assert "${" not in definition


def test_training_gets_no_such_key_instead_of_access_denied(plan: Plan) -> None:
    policy = json.loads(plan.module("sagemaker_role[0]")["aws_iam_role_policy.this"]["policy"])

    [listing] = [statement for statement in policy["Statement"] if statement["Action"] == "s3:ListBucket"]
    # GetObject has no prefix. Without permission to list, S3 returns AccessDenied for a missing key.
    assert list(listing["Condition"]) == ["StringLikeIfExists"]


def test_a_schedule_fires_the_event_of_its_instant_and_retries_within_bounds(plan: Plan, own: Plan) -> None:
    [schedule] = plan.resources("aws_scheduler_schedule").values()
    [target] = schedule["target"]

    assert (schedule["schedule_expression"], schedule["state"]) == ("rate(1 day)", "ENABLED")
    assert schedule["group_name"] == "refit-home-prices"
    assert schedule["flexible_time_window"][0]["mode"] == "OFF"
    assert target["arn"] == STATE_MACHINE
    # Exactly this text, in which the Scheduler replaces the placeholder.
    assert target["input"] == '{"source":"refit.schedule","time":"<aws.scheduler.scheduled-time>","detail":{}}'
    assert target["retry_policy"] == [{"maximum_event_age_in_seconds": 3600, "maximum_retry_attempts": 5}]

    [daily] = own.resources("aws_scheduler_schedule").values()
    assert daily["schedule_expression"] == "cron(0 6 * * ? *)"
    assert (daily["schedule_expression_timezone"], daily["state"]) == ("Europe/Berlin", "DISABLED")


def test_an_alarm_monitors_every_way_that_a_run_fails_or_does_not_start(plan: Plan, own: Plan) -> None:
    alarms = plan.resources("aws_cloudwatch_metric_alarm").values()

    assert {(alarm["namespace"], alarm["metric_name"]) for alarm in alarms} == {
        ("AWS/States", "ExecutionsFailed"),
        ("AWS/States", "ExecutionsTimedOut"),
        ("AWS/States", "ExecutionsAborted"),
        ("AWS/Scheduler", "InvocationDroppedCount"),
    }
    for alarm in alarms:
        begun = alarm["namespace"] == "AWS/States"
        watched = {"StateMachineArn": STATE_MACHINE} if begun else {"ScheduleGroup": "refit-home-prices"}
        assert alarm["dimensions"] == watched
        assert alarm["treat_missing_data"] == "notBreaching"
    for alarm in own.resources("aws_cloudwatch_metric_alarm").values():
        assert alarm["alarm_actions"] == ["arn:aws:sns:us-west-2:123456789012:ml-alerts"]


def test_custom_names_are_used(own: Plan) -> None:
    outputs: dict[str, Any] = own.output.outputs

    assert outputs["bucket"] == "my-bucket"
    assert outputs["endpoint"] == "My-Endpoint"
    assert outputs["sagemaker_role_arn"] == "arn:aws:iam::123456789012:role/my-role"
    assert own.module("sagemaker_role[0]") == {}


def test_everything_that_takes_tags_has_the_pipelines(own: Plan) -> None:
    theirs = {f"tag-{n}": "value" for n in range(12)}
    expected = theirs | {"refit:pipeline": "home-prices", "refit:environment": "local"}

    tagged = {
        change["address"]: change["change"]["after"].get("tags_all")
        for change in own.output["resource_changes"]
        if "tags_all" in (change["change"]["after"] or {})
    }
    # The zip has none, because S3 allows only ten tags on an object.
    assert len(tagged) == 23
    machine = tagged.pop("module.state_machine.aws_sfn_state_machine.this")
    assert machine == expected | {"refit:version": VERSION}
    assert all(tags == expected for tags in tagged.values())
    assert "module.functions.aws_s3_object.zip" not in tagged


def test_the_state_machine_alone_says_which_version_built_the_stack(own: Plan) -> None:
    versions = {
        change["address"]: change["change"]["after"]["tags_all"]["refit:version"]
        for change in own.output["resource_changes"]
        if "refit:version" in ((change["change"]["after"] or {}).get("tags_all") or {})
    }

    # On every resource, each new version would change all of them.
    assert versions == {"module.state_machine.aws_sfn_state_machine.this": VERSION}


def test_a_guarded_endpoint_has_an_alarm_on_failed_requests_with_the_alarm_actions(canary: Plan) -> None:
    [alarm] = [
        each
        for each in canary.resources("aws_cloudwatch_metric_alarm").values()
        if each["namespace"] == "AWS/SageMaker"
    ]

    assert alarm["alarm_name"] == "refit-home-prices-endpoint-errors"
    assert alarm["alarm_name"] in canary.output.outputs["alarms"]
    assert (alarm["metric_name"], alarm["statistic"]) == ("Invocation5XXErrors", "Average")
    assert alarm["dimensions"] == {"EndpointName": "My-Endpoint", "VariantName": "AllTraffic"}
    assert (alarm["comparison_operator"], alarm["threshold"]) == ("GreaterThanOrEqualToThreshold", 0.01)
    assert (alarm["period"], alarm["evaluation_periods"], alarm["treat_missing_data"]) == (60, 1, "notBreaching")
    assert alarm["alarm_actions"] == ["arn:aws:sns:us-west-2:123456789012:ml-alerts"]

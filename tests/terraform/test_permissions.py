"""Least privilege: every statement of every role, on exactly what it needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest
from planner import Plan, Planner

Statement = dict[str, Any]

REGION, ACCOUNT = "us-west-2", "000000000000"
BUCKET = f"arn:aws:s3:::home-prices-{ACCOUNT}-{REGION}"
LEASE = f"{BUCKET}/runs/home-prices/lease.json"
SAGEMAKER = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
SAGEMAKER_ROLE = f"arn:aws:iam::{ACCOUNT}:role/refit-home-prices-sagemaker"
STATE_MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:refit-home-prices"
PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter"
JOB, MODEL, CONFIG = (
    f"{SAGEMAKER}:{kind}/home-prices-????????-????????" for kind in ("training-job", "model", "endpoint-config")
)
ENDPOINT = f"{SAGEMAKER}:endpoint/home-prices"

ACTIONS_WITHOUT_A_RESOURCE = {
    "cloudwatch:PutMetricData",
    "ecr:GetAuthorizationToken",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
}
"""AWS lets a policy name nothing narrower for these: https://docs.aws.amazon.com/service-authorization/latest/reference/"""


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def statements(plan: Plan) -> Iterator[tuple[str, Statement]]:
    """Every statement of every role of the stack, with the policy's address."""
    for address, policy in plan.resources("aws_iam_role_policy").items():
        for statement in json.loads(policy["policy"])["Statement"]:
            yield address, statement


def granted(plan: Plan, address: str) -> set[tuple[str, str]]:
    """The (action, resource) pairs that one policy allows, its own logs left out."""
    return {
        (action, resource)
        for where, statement in statements(plan)
        if where == address and statement["Sid"] != "WriteLogs"
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def of_function(plan: Plan, key: str) -> set[tuple[str, str]]:
    return granted(plan, f'module.functions.aws_iam_role_policy.this["{key}"]')


def trust(plan: Plan) -> dict[str, Statement]:
    return {
        role["name"]: statement
        for role in plan.resources("aws_iam_role").values()
        for statement in json.loads(role["assume_role_policy"])["Statement"]
    }


def test_check_data_lists_data_writes_runs_and_asks_about_its_own_executions_and_endpoint(plan: Plan) -> None:
    assert of_function(plan, "check_data") == {
        ("s3:ListBucket", BUCKET),
        ("s3:GetObject", f"{BUCKET}/runs/home-prices/*"),
        ("s3:PutObject", f"{BUCKET}/runs/home-prices/*"),
        ("ssm:GetParameter", f"{PARAMETER}/models/home-prices/train/latest"),
        ("states:DescribeExecution", f"arn:aws:states:{REGION}:{ACCOUNT}:execution:refit-home-prices:*"),
        ("sagemaker:DescribeEndpoint", ENDPOINT),
        ("sagemaker:DescribeEndpointConfig", CONFIG),
    }


def test_start_training_job_starts_and_tags_this_pipelines_jobs(plan: Plan) -> None:
    assert of_function(plan, "start_training_job") == {
        ("s3:GetObject", LEASE),
        ("sagemaker:AddTags", JOB),
        ("sagemaker:CreateTrainingJob", JOB),
        ("sagemaker:DescribeTrainingJob", JOB),
        ("iam:PassRole", SAGEMAKER_ROLE),
    }


def test_get_status_asks_and_stops_this_pipelines_jobs_alone(plan: Plan) -> None:
    assert of_function(plan, "get_status") == {
        ("sagemaker:DescribeTrainingJob", JOB),
        ("sagemaker:StopTrainingJob", JOB),
        ("sagemaker:DescribeEndpoint", ENDPOINT),
    }


def test_deploy_model_makes_models_and_configs_and_changes_one_endpoint(plan: Plan) -> None:
    assert of_function(plan, "deploy_model") == {
        ("s3:GetObject", LEASE),
        *((f"sagemaker:{action}", MODEL) for action in ("AddTags", "CreateModel", "DescribeModel")),
        *((f"sagemaker:{action}", CONFIG) for action in ("AddTags", "CreateEndpointConfig", "DescribeEndpointConfig")),
        *((f"sagemaker:{action}", CONFIG) for action in ("CreateEndpoint", "UpdateEndpoint")),
        *((f"sagemaker:{action}", ENDPOINT) for action in ("CreateEndpoint", "UpdateEndpoint")),
        *((f"sagemaker:{action}", ENDPOINT) for action in ("AddTags", "DeleteEndpoint", "DescribeEndpoint")),
        ("iam:PassRole", SAGEMAKER_ROLE),
    }


def test_the_alarms_of_a_guarded_deployment_are_looked_at_by_who_asks_for_it_and_by_sagemaker(
    plan: Plan, canary: Plan, planner: Planner
) -> None:
    own_alarm = "refit-home-prices-endpoint-errors"
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm"
    watchers = [
        'module.functions.aws_iam_role_policy.this["deploy_model"]',
        "module.sagemaker_role[0].aws_iam_role_policy.this",
    ]
    named = planner.plan(
        endpoint={"instance_count": 2, "deployment": {"strategy": "rolling", "alarms": ["errors", "latency"]}}
    )

    for planned, alarms in ((plan, []), (canary, [own_alarm]), (named, ["errors", "latency"])):
        looked_at = {
            (address, resource)
            for address, _ in statements(planned)
            for action, resource in granted(planned, address)
            if action == "cloudwatch:DescribeAlarms"
        }
        assert looked_at == {(address, f"{arn}:{alarm}") for address in watchers for alarm in alarms}


def test_update_parameters_moves_the_watermark_alone(plan: Plan) -> None:
    watermark = f"{PARAMETER}/models/home-prices/train/latest"

    assert of_function(plan, "update_parameters") == {
        ("s3:GetObject", LEASE),
        ("ssm:GetParameter", watermark),
        ("ssm:PutParameter", watermark),
    }


def test_notify_slack_reads_its_token_alone(plan: Plan) -> None:
    assert of_function(plan, "notify_slack") == {("ssm:GetParameter", f"{PARAMETER}/refit/slack-token")}


def test_notify_slack_reads_a_secret_whatever_its_suffix(own_image: Plan) -> None:
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:refit/token-??????"

    assert of_function(own_image, "notify_slack") == {("secretsmanager:GetSecretValue", secret)}


def test_without_slack_notify_slack_has_no_rights(own: Plan) -> None:
    assert of_function(own, "notify_slack") == set()


def test_the_state_machine_invokes_its_six_functions(plan: Plan) -> None:
    allowed = granted(plan, "module.state_machine.aws_iam_role_policy.this")

    keys = ["check-data", "deploy-model", "get-status", "notify-slack", "start-training-job", "update-parameters"]
    assert {(action, resource) for action, resource in allowed if resource != "*"} == {
        ("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:refit-home-prices-{key}") for key in keys
    }


def test_the_schedule_starts_this_state_machine_alone(plan: Plan) -> None:
    assert granted(plan, "module.schedule.aws_iam_role_policy.this") == {("states:StartExecution", STATE_MACHINE)}


def test_training_reads_data_runs_and_models_and_writes_models(plan: Plan) -> None:
    allowed = granted(plan, "module.sagemaker_role[0].aws_iam_role_policy.this")

    repository = f"arn:aws:ecr:{REGION}:*:repository/linear-learner"
    assert {(action, resource) for action, resource in allowed if resource != "*"} == {
        ("s3:GetObject", f"{BUCKET}/data/home-prices/train/*"),
        ("s3:GetObject", f"{BUCKET}/runs/home-prices/*"),
        ("s3:GetObject", f"{BUCKET}/models/home-prices/*"),
        ("s3:PutObject", f"{BUCKET}/models/home-prices/*"),
        ("s3:ListBucket", BUCKET),
        *(
            (f"ecr:{action}", repository)
            for action in ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer")
        ),
    }


def test_an_image_of_the_users_own_is_the_only_one_that_may_be_pulled(own_image: Plan) -> None:
    allowed = granted(own_image, "module.sagemaker_role[0].aws_iam_role_policy.this")

    assert {resource for action, resource in allowed if action == "ecr:BatchGetImage"} == {
        "arn:aws:ecr:eu-west-1:123456789012:repository/team/model"
    }


def test_every_function_writes_its_own_log_alone(plan: Plan) -> None:
    logs = [
        (address, statement)
        for address, statement in statements(plan)
        if statement["Sid"] == "WriteLogs" and address.startswith("module.functions")
    ]

    assert len(logs) == 6
    for address, statement in logs:
        name = address.split('"')[1].replace("_", "-")
        assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
        assert statement["Resource"] == (
            f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/refit-home-prices-{name}:*"
        )


def test_no_statement_allows_a_wildcard_action(plan: Plan) -> None:
    for address, statement in statements(plan):
        assert statement["Effect"] == "Allow"
        assert not [action for action in listed(statement["Action"]) if "*" in action], address


def test_a_wildcard_resource_is_only_for_actions_that_know_no_other(plan: Plan) -> None:
    wide = {
        action
        for _, statement in statements(plan)
        if "*" in listed(statement["Resource"])
        for action in listed(statement["Action"])
    }

    assert wide == ACTIONS_WITHOUT_A_RESOURCE


def test_metrics_go_to_sagemakers_namespaces_alone(plan: Plan) -> None:
    [statement] = [found for _, found in statements(plan) if found["Action"] == "cloudwatch:PutMetricData"]

    assert statement["Condition"] == {
        "StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*", "AWS/SageMaker*"]},
    }


def test_a_role_is_passed_to_sagemaker_alone(plan: Plan) -> None:
    passing = [found for _, found in statements(plan) if "iam:PassRole" in listed(found["Action"])]

    assert len(passing) == 2
    for statement in passing:
        assert statement["Action"] == "iam:PassRole"
        assert statement["Resource"] == SAGEMAKER_ROLE
        assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}


def test_whoever_lists_the_bucket_lists_what_it_needs(plan: Plan) -> None:
    prefixes = {
        address: condition["s3:prefix"]
        for address, statement in statements(plan)
        if "s3:ListBucket" in listed(statement["Action"])
        for condition in statement["Condition"].values()
    }

    assert prefixes == {
        'module.functions.aws_iam_role_policy.this["check_data"]': ["data/home-prices/train/*", "runs/home-prices/*"],
        "module.sagemaker_role[0].aws_iam_role_policy.this": [
            "data/home-prices/train/*",
            "runs/home-prices/*",
            "models/home-prices/*",
        ],
    }


def test_a_pipeline_cannot_touch_the_runs_of_another_whose_name_begins_alike() -> None:
    pattern = JOB.replace("home-prices", "home")

    assert fnmatchcase(f"{SAGEMAKER}:training-job/home-20261122-0a1b2c3d", pattern)
    assert not fnmatchcase(f"{SAGEMAKER}:training-job/home-prices-20261122-0a1b2c3d", pattern)


def test_sagemakers_arns_are_in_lower_case(own: Plan) -> None:
    assert ("sagemaker:DescribeEndpoint", f"{SAGEMAKER}:endpoint/my-endpoint") in of_function(own, "get_status")


def test_a_role_of_the_users_own_is_the_only_one_that_may_be_passed(own: Plan) -> None:
    passed = {
        resource
        for address, _ in statements(own)
        for action, resource in granted(own, address)
        if action == "iam:PassRole"
    }

    assert passed == {"arn:aws:iam::123456789012:role/my-role"}


def test_each_role_trusts_its_own_service(plan: Plan) -> None:
    services = {
        "refit-home-prices-states": "states.amazonaws.com",
        "refit-home-prices-schedule": "scheduler.amazonaws.com",
        "refit-home-prices-sagemaker": "sagemaker.amazonaws.com",
    }

    trusted = trust(plan)
    assert len(trusted) == 9
    for role, statement in trusted.items():
        assert statement["Effect"] == "Allow"
        assert statement["Action"] == "sts:AssumeRole"
        assert statement["Principal"] == {"Service": services.get(role, "lambda.amazonaws.com")}


@pytest.mark.parametrize(
    ("role", "source"),
    [
        ("refit-home-prices-states", STATE_MACHINE),
        ("refit-home-prices-schedule", f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/default"),
        ("refit-home-prices-sagemaker", f"{SAGEMAKER}:*"),
    ],
)
def test_a_service_may_act_for_this_account_alone(plan: Plan, role: str, source: str) -> None:
    assert trust(plan)[role]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": source},
    }

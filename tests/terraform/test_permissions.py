"""Least privilege: the roles of the services, and rules for every statement of the stack."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from refit.domain.algorithms.xgboost import XGBOOST
from tests.support.terraform.planner import Plan, Planner
from tests.support.terraform.rights import (
    ACCOUNT,
    BUCKET,
    JOB,
    REGION,
    SAGEMAKER,
    SAGEMAKER_ROLE,
    STATE_MACHINE,
    STATES,
    TRAINING,
    address,
    each,
    granted,
    listed,
    statements,
    trust,
)

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
    "sagemaker:ListEndpointConfigs",
    "sagemaker:ListModels",
    "sagemaker:ListTrainingJobs",
}
"""Actions without resource types: https://docs.aws.amazon.com/service-authorization/latest/reference/"""

KINDS = ["plan", "polling", "whole"]


@pytest.mark.parametrize("direct", [True, False])
def test_the_deployer_and_sagemaker_may_describe_the_alarms_of_a_guarded_deployment(
    planner: Planner, plan: Plan, canary: Plan, direct: bool
) -> None:
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm"
    watchers = [STATES if direct else address("deploy_model"), TRAINING]
    named = planner.plan(
        orchestration="direct" if direct else "polling",
        endpoint={"instance_count": 2, "deployment": {"strategy": "rolling", "alarms": ["errors", "latency"]}},
    )
    cases = [(named, ["errors", "latency"])]
    if direct:
        cases += [(plan, []), (canary, ["refit-home-prices-endpoint-errors"])]

    for planned, alarms in cases:
        looked_at = {
            (where, resource)
            for where, _ in statements(planned)
            for action, resource in granted(planned, where)
            if action == "cloudwatch:DescribeAlarms"
        }
        assert looked_at == {(where, f"{arn}:{alarm}") for where in watchers for alarm in alarms}


def test_the_schedule_starts_only_this_state_machine(plan: Plan) -> None:
    assert granted(plan, "module.schedule.aws_iam_role_policy.this") == {("states:StartExecution", STATE_MACHINE)}


def test_training_reads_data_runs_and_models_and_writes_models(plan: Plan) -> None:
    repository = f"arn:aws:ecr:{REGION}:*:repository/linear-learner"

    assert {pair for pair in granted(plan, TRAINING) if pair[1] != "*"} == {
        ("s3:GetObject", f"{BUCKET}/data/home-prices/train/*"),
        ("s3:GetObject", f"{BUCKET}/runs/home-prices/*"),
        ("s3:GetObject", f"{BUCKET}/models/home-prices/*"),
        ("s3:PutObject", f"{BUCKET}/models/home-prices/*"),
        ("s3:ListBucket", BUCKET),
        *each("ecr: BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer", repository),
    }


def test_a_custom_algorithm_also_reads_its_channels_and_its_code_is_next_to_its_models(plan: Plan, whole: Plan) -> None:
    read, read_by_own = (
        {resource for action, resource in granted(planned, TRAINING) if action == "s3:GetObject"}
        for planned in (plan, whole)
    )

    assert read_by_own - read == {f"{BUCKET}/data/neighbourhoods/*"}


def test_an_image_of_the_users_own_is_the_only_one_that_may_be_pulled(own_image: Plan) -> None:
    assert {resource for action, resource in granted(own_image, TRAINING) if action == "ecr:BatchGetImage"} == {
        "arn:aws:ecr:eu-west-1:123456789012:repository/team/model"
    }


def test_an_algorithm_is_pulled_from_its_repository(boosted: Plan) -> None:
    pulled = {resource for action, resource in granted(boosted, TRAINING) if action == "ecr:BatchGetImage"}
    assert pulled == {f"arn:aws:ecr:{REGION}:*:repository/{XGBOOST.repository}"}


@pytest.mark.parametrize("kind", KINDS)
def test_no_statement_allows_a_wildcard_action(kind: str, request: pytest.FixtureRequest) -> None:
    for where, statement in statements(request.getfixturevalue(kind)):
        assert statement["Effect"] == "Allow"
        assert not [action for action in listed(statement["Action"]) if "*" in action], where


@pytest.mark.parametrize("kind", KINDS)
def test_only_actions_without_resource_types_have_a_wildcard(kind: str, request: pytest.FixtureRequest) -> None:
    wide = {
        action
        for _, statement in statements(request.getfixturevalue(kind))
        if "*" in listed(statement["Resource"])
        for action in listed(statement["Action"])
    }

    assert wide == ACTIONS_WITHOUT_A_RESOURCE


def test_metrics_go_only_to_sagemakers_namespaces(plan: Plan) -> None:
    [statement] = [found for _, found in statements(plan) if found["Action"] == "cloudwatch:PutMetricData"]

    assert statement["Condition"] == {
        "StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*", "AWS/SageMaker*"]},
    }


@pytest.mark.parametrize(("kind", "passers"), [("plan", 1), ("polling", 2)])
def test_a_role_is_passed_only_to_sagemaker(kind: str, passers: int, request: pytest.FixtureRequest) -> None:
    planned = request.getfixturevalue(kind)
    passing = [found for _, found in statements(planned) if "iam:PassRole" in listed(found["Action"])]

    assert len(passing) == passers
    for statement in passing:
        assert statement["Action"] == "iam:PassRole"
        assert statement["Resource"] == SAGEMAKER_ROLE
        assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}


READING = ("check_data", "check_quality", "evaluate_model")
"""The functions that read data."""


def test_each_list_of_the_bucket_is_limited_to_the_prefixes_that_are_needed(polling: Plan, whole: Plan) -> None:
    prefixes = {
        (where, prefix)
        for planned in (polling, whole)
        for where, statement in statements(planned)
        if "s3:ListBucket" in listed(statement["Action"])
        # GetObject has no prefix. Without permission to list, S3 returns AccessDenied for a missing key.
        for prefix in listed(statement["Condition"]["StringLikeIfExists"]["s3:prefix"])
    }

    data, runs, lease = "data/home-prices/train/*", "runs/home-prices/*", "runs/home-prices/lease.json"
    assert prefixes == {
        *((address(key), prefix) for key in READING for prefix in (data, runs)),
        *((address(key), lease) for key in ("start_training_job", "deploy_model", "update_parameters")),
        *((TRAINING, prefix) for prefix in (data, runs, "models/home-prices/*", "data/neighbourhoods/*")),
        (address("clean_up"), runs),
        (STATES, lease),
    }


def test_a_pipeline_cannot_touch_the_runs_of_another_whose_name_begins_alike() -> None:
    pattern = JOB.replace("home-prices", "home")

    assert fnmatchcase(f"{SAGEMAKER}:training-job/home-20261122-0a1b2c3d", pattern)
    assert not fnmatchcase(f"{SAGEMAKER}:training-job/home-prices-20261122-0a1b2c3d", pattern)


def test_a_role_of_the_users_own_is_the_only_one_that_may_be_passed(own: Plan) -> None:
    passed = {
        resource for where, _ in statements(own) for action, resource in granted(own, where) if action == "iam:PassRole"
    }

    assert passed == {"arn:aws:iam::123456789012:role/my-role"}


@pytest.mark.parametrize(("kind", "roles"), [("plan", 6), ("polling", 10), ("whole", 9)])
def test_each_role_trusts_its_own_service(kind: str, roles: int, request: pytest.FixtureRequest) -> None:
    services = {
        "refit-home-prices-states": "states.amazonaws.com",
        "refit-home-prices-schedule": "scheduler.amazonaws.com",
        "refit-home-prices-sagemaker": "sagemaker.amazonaws.com",
    }

    trusted = trust(request.getfixturevalue(kind))
    assert len(trusted) == roles
    for role, statement in trusted.items():
        assert statement["Effect"] == "Allow"
        assert statement["Action"] == "sts:AssumeRole"
        assert statement["Principal"] == {"Service": services.get(role, "lambda.amazonaws.com")}


@pytest.mark.parametrize(
    ("role", "source"),
    [
        ("refit-home-prices-states", STATE_MACHINE),
        ("refit-home-prices-schedule", f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/refit-home-prices"),
        ("refit-home-prices-sagemaker", f"{SAGEMAKER}:*"),
    ],
)
def test_a_service_may_act_only_for_this_account(plan: Plan, role: str, source: str) -> None:
    assert trust(plan)[role]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": source},
    }

"""Least privilege: the permissions of the state machine with each orchestration."""

from __future__ import annotations

import pytest

from refit.domain.handlers import POLLING
from tests.support.terraform.planner import Plan
from tests.support.terraform.rights import (
    ACCOUNT,
    BUCKET,
    CONFIG,
    ENDPOINT,
    INVOKE,
    JOB,
    LAST_RUN,
    LEASE,
    MODEL,
    REGION,
    RUNS,
    SAGEMAKER_ROLE,
    STATES,
    WATERMARK,
    each,
    granted,
    of_function,
)

ALWAYS = ["check-data", "clean-up", "notify-slack"]
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:refit-home-prices"


@pytest.mark.parametrize(
    ("kind", "functions"),
    [
        ("plan", ALWAYS),
        ("polling", [*ALWAYS, "deploy-model", "get-status", "start-training-job", "update-parameters"]),
        ("whole", [*ALWAYS, "check-quality", "evaluate-model", "object-arrived"]),
    ],
)
def test_the_state_machine_invokes_the_functions_of_its_states(
    kind: str, functions: list[str], request: pytest.FixtureRequest
) -> None:
    assert granted(request.getfixturevalue(kind), INVOKE) == {
        ("lambda:InvokeFunction", f"{FUNCTION}-{name}") for name in functions
    }


def test_with_polling_the_state_machine_only_writes_records_and_invokes_functions(polling: Plan) -> None:
    assert granted(polling, STATES) == {("s3:PutObject", f"{RUNS}/*/record.json")}


def test_with_direct_the_state_machine_trains_and_deploys_only_for_this_pipeline(plan: Plan) -> None:
    rule = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule"
    assert granted(plan, STATES) == {
        ("s3:PutObject", f"{RUNS}/*/record.json"),
        ("s3:GetObject", LEASE),
        ("s3:ListBucket", BUCKET),
        *each("sagemaker: AddTags CreateTrainingJob DescribeTrainingJob ListTags StopTrainingJob", JOB),
        *each("events: DescribeRule PutRule PutTargets", rule),
        *each("sagemaker: AddTags CreateModel DescribeModel", MODEL),
        *each("sagemaker: AddTags CreateEndpointConfig DescribeEndpointConfig", CONFIG),
        *each("sagemaker: CreateEndpoint UpdateEndpoint", CONFIG, ENDPOINT),
        *each("sagemaker: AddTags DeleteEndpoint DescribeEndpoint", ENDPOINT),
        ("iam:PassRole", SAGEMAKER_ROLE),
        *each("ssm: GetParameters PutParameter", WATERMARK, LAST_RUN),
    }


def test_the_deployer_has_the_same_permissions_in_both_orchestrations(plan: Plan, polling: Plan) -> None:
    divided = set[tuple[str, str]]().union(*(of_function(polling, key) for key in POLLING))

    # Direct writes records, and needs a job's tags to be notified of its end.
    assert divided - granted(plan, STATES) == set()
    beyond = {action for action, _ in granted(plan, STATES) - divided}
    assert beyond == {
        "events:DescribeRule",
        "events:PutRule",
        "events:PutTargets",
        "s3:PutObject",
        "sagemaker:ListTags",
    }


def test_a_run_that_waits_for_approval_writes_its_request_to_the_bucket(whole: Plan) -> None:
    written = {resource for action, resource in granted(whole, STATES) if action == "s3:PutObject"}

    assert written == {f"{RUNS}/*/record.json", f"{RUNS}/*/approval.json"}

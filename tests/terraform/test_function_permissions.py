"""Least privilege: the permissions of each Lambda function."""

from __future__ import annotations

import pytest

from tests.support.terraform.planner import Plan
from tests.support.terraform.rights import (
    ACCOUNT,
    BUCKET,
    CONFIG,
    ENDPOINT,
    HOLD,
    JOB,
    LAST_RUN,
    LEASE,
    MODEL,
    PARAMETER,
    REGION,
    RUNS,
    SAGEMAKER,
    SAGEMAKER_ROLE,
    SCHEDULE_ROLE,
    WATERMARK,
    address,
    each,
    of_function,
    statements,
)

KEYS = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/*"


def test_check_data_lists_data_writes_runs_and_describes_executions_endpoint_and_models(plan: Plan) -> None:
    assert of_function(plan, "check_data") == {
        ("s3:ListBucket", BUCKET),
        *each("s3: GetObject PutObject", f"{RUNS}/*"),
        *each("ssm: GetParameters", WATERMARK, LAST_RUN, HOLD),
        ("states:DescribeExecution", f"arn:aws:states:{REGION}:{ACCOUNT}:execution:refit-home-prices:*"),
        ("sagemaker:ListTrainingJobs", "*"),
        ("sagemaker:StopTrainingJob", JOB),
        ("sagemaker:DescribeEndpoint", ENDPOINT),
        ("sagemaker:DescribeEndpointConfig", CONFIG),
        ("sagemaker:DescribeModel", MODEL),
    }


def test_start_training_job_starts_and_tags_this_pipelines_jobs(polling: Plan) -> None:
    assert of_function(polling, "start_training_job") == {
        ("s3:GetObject", LEASE),
        ("s3:ListBucket", BUCKET),
        *each("sagemaker: AddTags CreateTrainingJob DescribeTrainingJob", JOB),
        ("iam:PassRole", SAGEMAKER_ROLE),
    }


def test_get_status_describes_and_stops_only_jobs_of_this_pipeline(polling: Plan) -> None:
    assert of_function(polling, "get_status") == {
        *each("sagemaker: DescribeTrainingJob StopTrainingJob", JOB),
        ("sagemaker:DescribeEndpoint", ENDPOINT),
    }


def test_deploy_model_makes_models_and_configs_and_changes_one_endpoint(polling: Plan) -> None:
    assert of_function(polling, "deploy_model") == {
        ("s3:GetObject", LEASE),
        ("s3:ListBucket", BUCKET),
        *each("sagemaker: AddTags CreateModel DescribeModel", MODEL),
        *each("sagemaker: AddTags CreateEndpointConfig DescribeEndpointConfig", CONFIG),
        *each("sagemaker: CreateEndpoint UpdateEndpoint", CONFIG, ENDPOINT),
        *each("sagemaker: AddTags DeleteEndpoint DescribeEndpoint", ENDPOINT),
        ("iam:PassRole", SAGEMAKER_ROLE),
    }


def test_update_parameters_moves_the_watermark_and_its_run_and_no_hold(polling: Plan) -> None:
    assert of_function(polling, "update_parameters") == {
        ("s3:GetObject", LEASE),
        ("s3:ListBucket", BUCKET),
        *each("ssm: GetParameters PutParameter", WATERMARK, LAST_RUN),
    }


def test_evaluate_model_reads_the_holdout_and_invokes_the_endpoint(whole: Plan) -> None:
    assert of_function(whole, "evaluate_model") == {
        ("s3:ListBucket", BUCKET),
        ("s3:GetObject", f"{BUCKET}/data/home-prices/train/*"),
        ("s3:GetObject", f"{RUNS}/*"),
        *each("sagemaker: DescribeEndpoint InvokeEndpoint", ENDPOINT),
        ("sagemaker:DescribeEndpointConfig", CONFIG),
    }


def test_check_quality_reads_the_data_and_writes_to_its_run(whole: Plan) -> None:
    assert of_function(whole, "check_quality") == {
        ("s3:ListBucket", BUCKET),
        ("s3:GetObject", f"{BUCKET}/data/home-prices/train/*"),
        *each("s3: GetObject PutObject", f"{RUNS}/*"),
        *each("ssm: GetParameters", WATERMARK, LAST_RUN),
    }


def test_clean_up_deletes_only_models_and_configs_of_runs(plan: Plan) -> None:
    assert of_function(plan, "clean_up") == {
        *each("sagemaker: ListEndpointConfigs ListModels", "*"),
        *each("sagemaker: DeleteModel ListTags", MODEL),
        *each("sagemaker: DeleteEndpointConfig DescribeEndpointConfig ListTags", CONFIG),
        ("sagemaker:DescribeEndpoint", ENDPOINT),
        ("s3:GetObject", f"{RUNS}/*"),
        ("s3:ListBucket", BUCKET),
    }


def test_object_arrived_writes_one_schedule_and_passes_its_role_only_to_the_scheduler(whole: Plan) -> None:
    schedule = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/refit-home-prices/refit-home-prices-arrival"

    assert of_function(whole, "object_arrived") == {
        *each("scheduler: CreateSchedule GetSchedule UpdateSchedule", schedule),
        ("iam:PassRole", SCHEDULE_ROLE),
    }
    [passing] = [found for _, found in statements(whole) if found["Sid"] == "PassScheduleRole"]
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}


def test_notify_slack_reads_only_its_token(plan: Plan) -> None:
    token = f"{PARAMETER}/refit/slack-token"
    assert of_function(plan, "notify_slack") == {("ssm:GetParameter", token), ("kms:Decrypt", KEYS)}
    assert decrypts(plan) == {
        "kms:ViaService": f"ssm.{REGION}.amazonaws.com*",
        "kms:EncryptionContext:PARAMETER_ARN": token,
    }


def test_notify_slack_reads_a_secret_whatever_its_suffix(own_image: Plan) -> None:
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:refit/token-??????"

    assert of_function(own_image, "notify_slack") == {("secretsmanager:GetSecretValue", secret), ("kms:Decrypt", KEYS)}
    assert decrypts(own_image) == {
        "kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com*",
        "kms:EncryptionContext:SecretARN": secret,
    }


def decrypts(plan: Plan) -> dict[str, str]:
    """The conditions under which NotifySlack may use the customer's own key."""
    (statement,) = (
        each for where, each in statements(plan) if where == address("notify_slack") and each["Action"] == "kms:Decrypt"
    )
    return dict(statement["Condition"]["StringLike"])


def test_without_slack_notify_slack_has_no_permissions(own: Plan) -> None:
    assert of_function(own, "notify_slack") == set()


@pytest.mark.parametrize(("kind", "functions"), [("plan", 3), ("polling", 7), ("whole", 6)])
def test_every_function_writes_only_its_own_log(kind: str, functions: int, request: pytest.FixtureRequest) -> None:
    logs = [
        (address, statement)
        for address, statement in statements(request.getfixturevalue(kind))
        if statement["Sid"] == "WriteLogs" and address.startswith("module.functions")
    ]

    assert len(logs) == functions
    for where, statement in logs:
        name = where.split('"')[1].replace("_", "-")
        assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
        assert statement["Resource"] == (
            f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/refit-home-prices-{name}:*"
        )


def test_sagemakers_arns_are_in_lower_case(own: Plan) -> None:
    assert ("sagemaker:DescribeEndpoint", f"{SAGEMAKER}:endpoint/my-endpoint") in of_function(own, "check_data")

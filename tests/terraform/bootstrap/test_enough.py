"""The policies are sufficient: the deploy role can apply a stack, its run succeeds, and both roles can plan."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from refit.aws import executions
from refit.aws.first_firing import first_firing
from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.data import csv_rows
from refit.data.upload import put_days
from refit.domain.run_request import event
from refit.pipeline import files as pipeline
from tests.support.terraform.account import BOUNDARY, BUCKET, REGION, WATERMARK, Account, refusal

ROOT = Path(__file__).parents[3]


def test_the_deploy_role_applies_the_stack_and_follows_a_run_that_succeeds_within_the_boundary(
    deployed: Account, deploy_role: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home_prices = pipeline.load(deployed.ref)
    root = Aws(REGION, deployed.cloud.endpoint_url, ("test", "test"))
    stack = Stack.of(home_prices, root)
    assert first_firing(root, stack.state_machine_arn).outcome == "NoNewData"
    rows = csv_rows.read(ROOT / "examples" / "boston-housing.csv", home_prices.data.feature_dim, label="medv")
    put_days(root, stack, {date(2026, 11, day): rows[day::5] for day in (1, 2, 3)})
    fired = event(datetime.combine(date(2026, 11, 4), time(12), UTC))

    for name, value in deploy_role.items():
        monkeypatch.setenv(name, value)
    job = Aws(REGION, deployed.cloud.endpoint_url)
    run = executions.start(job, stack.state_machine_arn, "bounded", fired)
    shown = [step.state for step in executions.follow(job, run, poll_seconds=0.2)]
    assert shown == ["Running", "Deployed"]  # the history is denied
    ended = executions.state(job, run)
    assert (ended.outcome, ended.succeeded) == ("Deployed", True)
    assert ended.document["training"]["job"]


def test_every_role_of_the_stack_is_bounded(deployed: Account) -> None:
    iam = deployed.client("iam")
    names = [
        role["RoleName"] for role in iam.list_roles()["Roles"] if role["RoleName"].startswith("refit-home-prices-")
    ]
    boundaries = {name: iam.get_role(RoleName=name)["Role"].get("PermissionsBoundary") for name in names}
    assert len(boundaries) == 8
    assert {boundary and boundary["PermissionsBoundaryArn"] for boundary in boundaries.values()} == {BOUNDARY}


@pytest.mark.parametrize("role", ["plan_role", "deploy_role"])
def test_either_role_plans_and_finds_nothing_to_change(
    deployed: Account, role: str, request: pytest.FixtureRequest
) -> None:
    planning = deployed.terraform(request.getfixturevalue(role))
    assert planning.run("plan", ["-input=false", "-lock=false", "-detailed-exitcode"]) == 0


def test_an_applied_stack_is_destroyed_without_a_build(deployed: Account, plan_role: dict[str, str]) -> None:
    kept = {file: file.read_bytes() for file in deployed.ref.build_dir.iterdir() if file.is_file()}
    for file in kept:
        file.unlink()
    try:
        planning = deployed.terraform(plan_role)
        assert planning.run("plan", ["-destroy", "-input=false", "-lock=false", "-detailed-exitcode"]) == 2
    finally:
        for file, content in kept.items():
            file.write_bytes(content)


def test_the_plan_role_reads_data_runs_and_models(deployed: Account, plan_role: dict[str, str]) -> None:
    s3 = deployed.client("s3", plan_role)
    deployed.client("s3").put_object(Bucket=BUCKET, Key="data/home-prices/train/2026-10-01.csv", Body=b"1,2")
    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix="data/home-prices/train/")["Contents"]
    assert s3.get_object(Bucket=BUCKET, Key=listed[0]["Key"])["Body"].read()
    assert deployed.client("ssm", plan_role).get_parameter(Name=WATERMARK)["Parameter"]["Value"]
    endpoints = deployed.client("sagemaker", plan_role)
    assert refusal(endpoints.describe_endpoint, EndpointName="no-such-endpoint") == "ValidationException"

"""Every refusal of variables.tf, in its own words. The file alone is a root module: each plan takes 0.1 s."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

VARIABLES = Path(__file__).parents[2] / "terraform" / "variables.tf"
SLACK = {"channel": "ml-deployments", "token_parameter": "/refit/slack-token"}
IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model"


def pipeline(**fields: Any) -> dict[str, Any]:
    """The shortest pipeline there is, with these fields written too."""
    data = {"prefix": "data/home-prices/train/", "feature_dim": 13}
    return {"pipeline": "home-prices", "environment": "prod", "data": data, **fields}


def data(**fields: Any) -> dict[str, Any]:
    return {"data": {"prefix": "data/home-prices/train/", "feature_dim": 13, **fields}}


def limits(max_runtime_minutes: int, timeout_minutes: int) -> dict[str, Any]:
    return {
        "training": {"max_runtime_minutes": max_runtime_minutes},
        "endpoint": {"timeout_minutes": timeout_minutes},
    }


def guarded(strategy: str = "canary", instances: int = 4, **deployment: Any) -> dict[str, Any]:
    return {"endpoint": {"instance_count": instances, "deployment": {"strategy": strategy, **deployment}}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("variables")
    shutil.copy(VARIABLES, folder)
    return folder


def plan(folder: Path, values: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    (folder / "pipeline.tfvars.json").write_text(json.dumps(values))
    return subprocess.run(
        ["terraform", "plan", "-input=false", "-no-color", "-var-file=pipeline.tfvars.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"pipeline": "h"}, "pipeline must be 2 to 32 lower-case letters"),
        ({"pipeline": "Home"}, 'got "Home"; write pipeline = "home-prices".'),
        ({"pipeline": "home--prices"}, "pipeline must be 2 to 32"),
        ({"pipeline": "home-"}, "pipeline must be 2 to 32"),
        ({"pipeline": "1home"}, "pipeline must be 2 to 32"),
        ({"pipeline": "a" * 33}, "pipeline must be 2 to 32"),
        ({"environment": "Prod"}, 'environment must be 1 to 32 lower-case letters, digits and hyphens, got "Prod"'),
        ({"region": "Oregon"}, 'region must be the code of an AWS region; write region = "us-west-2".'),
        ({"schedule": {"expression": "daily"}}, "schedule.expression must be rate("),
        ({"schedule": {"expression": "rate(0 days)"}}, "schedule.expression must be rate("),
        ({"schedule": {"expression": "rate(1 days)"}}, 'write schedule = { expression = "rate(1 day)" }'),
        ({"schedule": {"expression": "cron(0 6 * * ?)"}}, "schedule.expression must be rate("),
        ({"schedule": {"timezone": "Mars/Olympus Mons"}}, "schedule.timezone must be a name of the IANA"),
        (data(prefix="data/home-prices"), 'data.prefix must end in "/" and must not start with one'),
        (data(prefix="/data/"), 'got "/data/"; write prefix = "data/home-prices/train/".'),
        (data(prefix="data/*/"), "data.prefix may hold only letters, digits and"),
        (data(prefix="data/${aws:username}/"), "data.prefix may hold only letters, digits and"),
        (data(prefix="runs/home-prices/"), "data.prefix must not lie in runs/ or models/"),
        (data(prefix="models/"), "data.prefix must not lie in runs/ or models/"),
        (data(feature_dim=0), "data.feature_dim must be a whole number from 1 to 10000000"),
        (data(feature_dim=1.5), "got 1.5; write feature_dim = 13."),
        ({"window": {"start": "2026-11-01"}}, "window.start and window.end belong together"),
        (
            {"window": {"days": 7, "start": "2026-11-01", "end": "2026-11-07"}},
            "window is either sliding or pinned; write window = { days = 7 } or { start =",
        ),
        ({"window": {"days": 0}}, "window.days must be a whole number from 1 to 365; write window = { days = 7 }."),
        ({"window": {"days": 366}}, "window.days must be a whole number from 1 to 365"),
        ({"window": {"start": "2026-02-28", "end": "2026-02-29"}}, "must be days of the calendar as YYYY-MM-DD"),
        ({"window": {"start": "2026-11-1", "end": "2026-11-07"}}, "must be days of the calendar as YYYY-MM-DD"),
        ({"window": {"start": "2026-11-07", "end": "2026-11-01"}}, "window.start must not be after window.end"),
        ({"window": {"start": "2024-01-01", "end": "2025-01-01"}}, "window must have at most 366 days"),
        (
            {"window": {"start": "2026-11-01", "end": "2026-11-07", "lag_days": 1}},
            "window.lag_days must not stand beside start and end",
        ),
        ({"window": {"holdout_days": -1}}, "window.holdout_days and window.lag_days must be whole numbers from 0"),
        ({"window": {"min_days": 0}}, "and window.min_days from 1 to 366"),
        ({"window": {"holdout_days": 7}}, "window must have more days than holdout_days and at least min_days"),
        ({"window": {"days": 3, "min_days": 4}}, "window must have more days than holdout_days"),
        (
            {"window": {"start": "2026-11-01", "end": "2026-11-03", "holdout_days": 3}},
            "window must have more days than holdout_days",
        ),
        (
            {"window": {"start": "2026-11-01", "end": "2026-11-03", "min_days": 4}},
            "window must have more days than holdout_days",
        ),
        ({"window": {"timezone": "Europe Berlin"}}, "window.timezone must be a name of the IANA"),
        ({"training": {"image": "my-model:1"}}, "training.image must be an image in Amazon ECR with its tag or digest"),
        ({"training": {"image": IMAGE}}, "training.image must be an image in Amazon ECR with its tag or digest"),
        (
            {"training": {"predictor_type": "multiclass"}},
            'must be "regressor" or "binary_classifier", got "multiclass"',
        ),
        ({"training": {"instance_type": "m5.xlarge"}}, 'got "m5.xlarge"; write instance_type = "ml.m5.xlarge".'),
        ({"training": {"instance_count": 0}}, "training.instance_count must be a whole number from 1 to 100"),
        ({"training": {"volume_gb": 0}}, "training.volume_gb must be a whole number from 1 to 16384"),
        ({"training": {"max_runtime_minutes": 40321}}, "training.max_runtime_minutes must be a whole number from 1"),
        (
            {"training": {"hyperparameters": {"feature_dim": "13"}}},
            "training.hyperparameters must not hold feature_dim or predictor_type; write data = { feature_dim = 13 }",
        ),
        ({"training": {"hyperparameters": {"epochs": "1" * 2501}}}, "training.hyperparameters may hold at most 98"),
        ({"training": {"hyperparameters": {f"h{n}": "1" for n in range(99)}}}, "may hold at most 98 entries"),
        ({"endpoint": {"name": "home-"}}, "endpoint.name must be 1 to 63 letters, digits and hyphens"),
        ({"endpoint": {"name": "a" * 64}}, "endpoint.name must be 1 to 63 letters, digits and hyphens"),
        ({"endpoint": {"instance_type": "large"}}, 'got "large"; write instance_type = "ml.m5.large".'),
        ({"endpoint": {"instance_count": 101}}, "endpoint.instance_count must be a whole number from 1 to 100"),
        ({"endpoint": {"timeout_minutes": 1441}}, "endpoint.timeout_minutes must be a whole number from 1 to 1440"),
        (guarded("blue-green"), 'endpoint.deployment.strategy must be "all-at-once", "canary", "linear" or "rolling"'),
        (
            guarded(batch_percent=51),
            "endpoint.deployment.batch_percent must be a whole number from 5 (linear: 10)",
        ),
        (guarded(batch_percent=4), "got 4; write batch_percent = 25."),
        (guarded("linear", batch_percent=9, wait_seconds=0), "got 9; write batch_percent = 25."),
        (guarded(wait_seconds=3601), "endpoint.deployment.wait_seconds and termination_wait_seconds must be whole"),
        (guarded(termination_wait_seconds=-1), "must be whole numbers from 0 to 3600; write deployment = {"),
        (guarded(timeout_minutes=9), "endpoint.deployment.timeout_minutes must be a whole number from 10 to 480"),
        (guarded(alarms=["a*"]), "endpoint.deployment.alarms must be at most ten names of CloudWatch alarms"),
        (guarded(alarms=[f"a{n}" for n in range(11)]), 'write alarms = ["my-endpoint-errors"].'),
        (guarded("all-at-once", alarms=["a"]), "do nothing with the strategy all-at-once"),
        (
            guarded("rolling", termination_wait_seconds=1),
            "does nothing with the strategy rolling; remove it.",
        ),
        (guarded(instances=1), "endpoint.deployment.batch_percent must be at most half of the instances (1), got 25"),
        (
            guarded(instances=3, batch_percent=50),
            "must be at most half of the instances (3), got 50; write",
        ),
        (
            guarded(wait_seconds=600, timeout_minutes=10),
            "must be more than the deployment waits: wait_seconds once",
        ),
        (
            guarded("linear", wait_seconds=900),
            "endpoint.timeout_minutes and endpoint.deployment.timeout_minutes must",
        ),
        ({"slack": {**SLACK, "channel": ""}}, "slack.channel must be the name of a channel in lower-case letters"),
        ({"slack": {"channel": "ml"}}, "slack must have exactly one of token_parameter and token_secret"),
        ({"slack": {**SLACK, "token_secret": "refit/token"}}, "slack must have exactly one of token_parameter and"),
        ({"slack": {"channel": "ml", "token_parameter": "token"}}, 'write token_parameter = "/refit/slack-token".'),
        ({"slack": {"channel": "ml", "token_secret": "a secret"}}, "slack.token_secret must be the name or the ARN"),
        ({"alarms": {"actions": ["ml-alerts"]}}, "alarms.actions must be at most five ARNs; write alarms = { actions"),
        ({"retention": {"run_days": 0, "model_days": 30}}, "retention.run_days and retention.model_days must be whole"),
        (
            {"retention": {"run_days": 1, "model_days": 365}},
            "retention.run_days is too short for runs of up to 305 minutes; write run_days = 2.",
        ),
        (
            {"retention": {"run_days": 30, "model_days": 365}, "poll_interval_seconds": 3600, **limits(40320, 1440)},
            "retention.run_days is too short for runs of up to 42065 minutes; write run_days = 31.",
        ),
        ({"poll_interval_seconds": 0}, "poll_interval_seconds must be a whole number from 1 to 3600, got 0"),
        ({"poll_interval_seconds": 7}, "too small for runs of up to 305 minutes; write poll_interval_seconds = 8."),
        (
            {"poll_interval_seconds": 1, **limits(10, 2)},
            "too small for runs of up to 81 minutes; write poll_interval_seconds = 2.",
        ),
        (
            {"poll_interval_seconds": 1009, **limits(40320, 1440)},
            "too small for runs of up to 42065 minutes; write poll_interval_seconds = 1010.",
        ),
        ({"bucket": "My_Bucket"}, "bucket must be 3 to 63 lower-case letters, digits and hyphens"),
        ({"bucket": "my.bucket"}, "bucket must be 3 to 63 lower-case letters, digits and hyphens"),
        ({"sagemaker_role_arn": "my-role"}, "sagemaker_role_arn must be the ARN of an IAM role"),
        ({"log_retention_days": 31}, "got 31; write log_retention_days = 30."),
        ({"tags": {"aws:team": "pricing"}}, 'tags must not start with "aws:" or "refit:"'),
        ({"tags": {"Refit:pipeline": "other"}}, 'write tags = { team = "pricing" }.'),
        ({"tags": {f"t{n}": "" for n in range(41)}}, "tags may hold at most 40 entries"),
        ({"tags": {"team": "a;b"}}, "tags may hold at most 40 entries"),
    ],
)
def test_what_aws_or_a_run_could_not_use_is_refused_with_what_to_write(
    folder: Path, fields: dict[str, Any], message: str
) -> None:
    refused = plan(folder, pipeline(**fields))

    assert refused.returncode == 1
    assert message in " ".join(refused.stderr.split())


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"pipeline": "ab", "environment": "local", "embedded_cloud": True, "poll_interval_seconds": 1},
        {"poll_interval_seconds": 8},
        {"poll_interval_seconds": 1010, **limits(40320, 1440)},
        {"schedule": {"expression": "cron(0 6 ? * MON-FRI *)", "timezone": "America/Argentina/Buenos_Aires"}},
        {"schedule": {"expression": "at(2026-11-22T06:00:00)", "enabled": False}},
        {"window": {"days": 1}, "data": {"prefix": "dt=raw/(new)/", "feature_dim": 1}},
        {"window": {"days": 7, "holdout_days": 6, "min_days": 7, "lag_days": 2, "timezone": "Europe/Berlin"}},
        {"window": {"start": "2024-02-29", "end": "2024-02-29"}},
        {"window": {"start": "2024-01-01", "end": "2024-12-31", "holdout_days": 365, "min_days": 366}},
        {"training": {"image": f"{IMAGE}@sha256:{'0' * 64}", "predictor_type": "binary_classifier"}},
        {"training": {"hyperparameters": {"epochs": "15"}}, "endpoint": {"name": "Home-Prices", "instance_count": 2}},
        {"endpoint": {"deployment": None}},
        guarded(),
        guarded("rolling", instances=2, batch_percent=50, timeout_minutes=480, alarms=["Errors 1", "Größe/2"]),
        guarded("linear", wait_seconds=899),
        guarded(wait_seconds=540, termination_wait_seconds=59, timeout_minutes=10),
        {"slack": SLACK},
        {"slack": {"channel": "C0123456789", "token_secret": "refit/slack-token"}},
        {"slack": {"channel": "#ml", "token_secret": "arn:aws:secretsmanager:us-west-2:123456789012:secret:t-AbCdEf"}},
        {"alarms": {"actions": ["arn:aws:sns:us-west-2:123456789012:ml-alerts"]}},
        {"retention": {"run_days": 2, "model_days": 1}, "bucket": "my-bucket", "tags": {"team": "Größe 1"}},
        {"sagemaker_role_arn": "arn:aws-cn:iam::123456789012:role/path/my-role", "region": "cn-north-1"},
    ],
)
def test_what_a_pipeline_may_hold_is_accepted(folder: Path, fields: dict[str, Any]) -> None:
    accepted = plan(folder, pipeline(**fields))

    assert accepted.returncode == 0, accepted.stderr

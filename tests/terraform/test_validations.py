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


def limits(max_runtime_minutes: int = 60, timeout_minutes: int = 60) -> dict[str, Any]:
    return {
        "training": {"max_runtime_minutes": max_runtime_minutes},
        "endpoint": {"timeout_minutes": timeout_minutes},
    }


def polling(*minutes: int, **fields: Any) -> dict[str, Any]:
    return {"orchestration": "polling", **limits(*minutes), **fields}


def gate(metric: str = "validation:mse", holdout_days: int = 1, **fields: Any) -> dict[str, Any]:
    return {"gate": {"metric": metric, **fields}, "window": {"holdout_days": holdout_days}}


def own(**fields: Any) -> dict[str, Any]:
    """A training section with an image of one's own."""
    return {"training": {"image": f"{IMAGE}:1", **fields}}


def classes(predictor_type: str, num_classes: str | None = None) -> dict[str, Any]:
    hyperparameters = {} if num_classes is None else {"num_classes": num_classes}
    return {"training": {"predictor_type": predictor_type, "hyperparameters": hyperparameters}}


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
            'must be "regressor", "binary_classifier" or "multiclass_classifier", got "multiclass"',
        ),
        ({"training": {"instance_type": "m5.xlarge"}}, 'got "m5.xlarge"; write instance_type = "ml.m5.xlarge".'),
        ({"training": {"instance_count": 0}}, "training.instance_count must be a whole number from 1 to 100"),
        ({"training": {"volume_gb": 0}}, "training.volume_gb must be a whole number from 1 to 16384"),
        ({"training": {"max_runtime_minutes": 40321}}, "training.max_runtime_minutes must be a whole number from 1"),
        (
            {"training": {"hyperparameters": {"feature_dim": "13"}}},
            "which have fields of their own; write data = { feature_dim = 13 } and training = {",
        ),
        ({"training": {"hyperparameters": {"epochs": "1" * 2501}}}, "training.hyperparameters may hold at most 98"),
        ({"training": {"hyperparameters": {f"h{n}": "1" for n in range(99)}}}, "may hold at most 98 entries"),
        (own(predictor_type="binary_classifier"), "training.predictor_type does nothing with an image that is not"),
        (classes("multiclass_classifier"), "training.hyperparameters must hold num_classes, a whole number from 3 to"),
        (classes("multiclass_classifier", "2"), "must hold num_classes, a whole number from 3 to 1000000"),
        (classes("multiclass_classifier", "1000001"), "must hold num_classes, a whole number from 3 to 1000000"),
        (classes("multiclass_classifier", "3.0"), "must hold num_classes, a whole number from 3 to 1000000"),
        (classes("multiclass_classifier", "three"), "must hold num_classes, a whole number from 3 to 1000000"),
        (classes("regressor", "3"), "with a multiclass_classifier and with no other; write training = {"),
        (
            {"training": {"source": "code"}},
            "training.source, training.metrics and channels other than test are nothing",
        ),
        (
            {"training": {"image": "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1", "source": "code"}},
            "are nothing to Linear Learner; write image =",
        ),
        ({"training": {"metrics": {"validation:mse": "mse=(.+)"}}}, "are nothing to Linear Learner; write image ="),
        ({"training": {"channels": {"extra": "data/"}}}, "are nothing to Linear Learner; write image ="),
        (own(entry_point="fit.py"), "training.entry_point does nothing without source; write source"),
        (own(source="code", entry_point="fit.sh"), "training.entry_point must be the name of a Python file in the"),
        (own(source="code", entry_point="sub/fit.py"), "training.entry_point must be the name of a Python file"),
        (own(source="/code"), "training.source must be a folder of the repository, without .. and without / at its"),
        (own(source="code/../.."), 'write source = "algorithms/my-model".'),
        (
            own(source="code", hyperparameters={"sagemaker_program": "x.py"}),
            "training.hyperparameters must not hold sagemaker_program or sagemaker_submit_directory beside source",
        ),
        (own(channels={"train": "data/"}), "training.channels must be at most 18, none of them train or validation"),
        (own(channels={"a b": "data/"}), "training.channels must be at most 18"),
        (own(channels={"extra": "data"}), 'each with a folder of the bucket that ends in "/"; write channels ='),
        (own(channels={f"c{n}": "data/" for n in range(19)}), "training.channels must be at most 18"),
        (own(metrics={f"m{n}": "m=(.+)" for n in range(41)}), "training.metrics must be at most 40 metrics"),
        (own(metrics={"a b": "m=(.+)"}), "training.metrics must be at most 40 metrics, each with a regular expression"),
        (own(metrics={"m": "x" * 501}), "of at most 500 characters with one group; write metrics ="),
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
        ({"endpoint": {"keep": 1}}, "endpoint.keep must be a whole number from 2 to 100, got 1; write keep = 5."),
        ({"endpoint": {"keep": 101}}, "endpoint.keep must be a whole number from 2 to 100, got 101"),
        (
            gate("a b", max=60),
            'gate.metric must be the name of a metric; write gate = { metric = "validation:mse", max',
        ),
        (gate(), "gate must have a limit: max, min or max_regression; write gate = {"),
        (gate("loss", max=60, min=1), "gate.max and gate.min must not stand together; write gate = {"),
        (gate("validation:accuracy", max=1), "gate.max would reject what is good, because more is better"),
        (gate("rmse", min=1), "gate.min would reject what is good, because less is better"),
        (
            gate(max_regression=-0.1),
            "gate.max_regression must be 0 or more; write max_regression = 0.10 for ten percent",
        ),
        (gate("validation:objective_loss", max_regression=0), "gate.max_regression needs a metric of the holdout that"),
        (gate("train:mse", max_regression=0.1), "gate.max_regression needs a metric of the holdout that follows from"),
        (gate("validation:accuracy", max_regression=1), "gate.max_regression must be below 1 where more is better"),
        (gate(max_regression=0.1, sample_rows=9), "gate.sample_rows must be a whole number from 10 to 10000"),
        (gate(max=60, sample_rows=500), "gate.sample_rows does nothing without max_regression; remove it"),
        (gate(holdout_days=0, max=60), "gate.metric is measured on the holdout, and window.holdout_days is 0"),
        (
            gate("validation:multiclass_accuracy", min=0.9),
            "gate.metric is not reported of a regressor; write a metric of this predictor_type.",
        ),
        (
            {**gate("validation:mse", max=1), **own(metrics={"validation:rmse": "rmse=(.+)"})},
            "gate.metric must be one of training.metrics, which are all that the job reports",
        ),
        ({"approval": {"timeout_minutes": 0}}, "approval.timeout_minutes must be a whole number from 1 to 10080"),
        ({"approval": {"timeout_minutes": 10081}}, "write approval = { timeout_minutes = 1440 }."),
        ({"arrival": {"quiet_minutes": 0}}, "arrival.quiet_minutes and arrival.max_wait_minutes must be whole numbers"),
        ({"arrival": {"max_wait_minutes": 1441}}, "must be whole numbers from 1 to 1440 (one day); write arrival"),
        ({"arrival": {"quiet_minutes": 121}}, "arrival.max_wait_minutes must be at least quiet_minutes; write arrival"),
        ({"orchestration": "both"}, 'orchestration must be "direct" or "polling", got "both"; write orchestration'),
        ({"retrain_on": "always"}, 'retrain_on must be "new_day" or "any_change", got "always"; write retrain_on'),
        (data(stale_after_days=0), "data.stale_after_days must be a whole number from 1 to 365"),
        (
            {**data(stale_after_days=2), "window": {"lag_days": 2}},
            "data.stale_after_days must be above window.lag_days (2), or the data of every run would be stale; write",
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
        (
            {"retention": {"run_days": 8, "model_days": 365}, "approval": {"timeout_minutes": 10080}},
            "retention.run_days is too short for runs of up to 10385 minutes; write run_days = 9.",
        ),
        ({"poll_interval_seconds": 0}, "poll_interval_seconds must be a whole number from 1 to 3600, got 0"),
        (polling(poll_interval_seconds=7), "too small for 305 minutes of polls; write poll_interval_seconds = 8."),
        (
            polling(10, 2, poll_interval_seconds=1),
            "too small for 81 minutes of polls; write poll_interval_seconds = 2.",
        ),
        (
            polling(40320, 1440, poll_interval_seconds=1009),
            "too small for 42065 minutes of polls; write poll_interval_seconds = 1010.",
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
        polling(poll_interval_seconds=8, approval={"timeout_minutes": 10080}),
        polling(40320, 1440, poll_interval_seconds=1010),
        {"poll_interval_seconds": 1, **limits(40320, 1440)},
        {"schedule": {"expression": "cron(0 6 ? * MON-FRI *)", "timezone": "America/Argentina/Buenos_Aires"}},
        {"schedule": {"expression": "at(2026-11-22T06:00:00)", "enabled": False}},
        {"window": {"days": 1}, "data": {"prefix": "dt=raw/(new)/", "feature_dim": 1}},
        {"window": {"days": 7, "holdout_days": 6, "min_days": 7, "lag_days": 2, "timezone": "Europe/Berlin"}},
        {"window": {"start": "2024-02-29", "end": "2024-02-29"}},
        {"window": {"start": "2024-01-01", "end": "2024-12-31", "holdout_days": 365, "min_days": 366}},
        {"training": {"image": f"{IMAGE}@sha256:{'0' * 64}", "predictor_type": "regressor"}},
        {"training": {"image": "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1"}},
        classes("binary_classifier"),
        classes("multiclass_classifier", "3"),
        classes("multiclass_classifier", "1000000"),
        own(source="code/my-model/", entry_point="fit.py", channels={"extra": "models/"}),
        own(hyperparameters={"feature_dim": "13", "num_classes": "two", "sagemaker_program": "x.py"}),
        {**own(metrics={"validation:mse": "mse=(.+)"}), **gate(max=1, max_regression=0, sample_rows=10)},
        {"training": {"channels": {"test": "data/home-prices/test/"}}},
        {**classes("binary_classifier"), **gate("validation:binary_classification_accuracy", min=0.9)},
        gate("train:objective_loss", holdout_days=0, max=1),
        gate("validation:a:rmse", max_regression=0.1, advance_on_reject=True),
        {"approval": {}, "arrival": {}},
        {"arrival": {"quiet_minutes": 1440, "max_wait_minutes": 1440}, "retrain_on": "any_change"},
        {**data(stale_after_days=3), "window": {"lag_days": 2}, "endpoint": {"keep": 2}},
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

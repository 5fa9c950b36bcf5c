"""Values of a pipeline file that AWS or a run could not use, each with the code of its problem."""

from __future__ import annotations

from typing import Any

from tests.support.rejected_buckets import EXISTING_BUCKET
from tests.support.rejected_formats import FORMATS, data

SLACK = {"channel": "ml-deployments", "token_parameter": "/refit/slack-token"}
IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model"


def pipeline(**fields: Any) -> dict[str, Any]:
    """The shortest valid pipeline, with these fields added."""
    data = {"prefix": "data/home-prices/train/", "feature_dim": 13}
    return {"pipeline": "home-prices", "data": data, **fields}


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
    """A training section with a custom image."""
    return {"training": {"image": f"{IMAGE}:1", **fields}}


def classes(predictor_type: str, num_classes: str | None = None) -> dict[str, Any]:
    hyperparameters = {} if num_classes is None else {"num_classes": num_classes}
    return {"training": {"predictor_type": predictor_type, "hyperparameters": hyperparameters}}


def guarded(strategy: str = "canary", instances: int = 4, **deployment: Any) -> dict[str, Any]:
    return {"endpoint": {"instance_count": instances, "deployment": {"strategy": strategy, **deployment}}}


def columns(**second: Any) -> dict[str, Any]:
    """A data section with a contract of two columns; these are the fields of the second."""
    return {"data": {"prefix": "data/", "feature_dim": 1, "schema": [{"name": "y"}, {"name": "x", **second}]}}


REJECTED: list[tuple[dict[str, Any], str]] = [
    *EXISTING_BUCKET,
    ({"pipeline": "h"}, "bad-name"),
    ({"pipeline": "Home"}, "bad-name"),
    ({"pipeline": "home--prices"}, "bad-name"),
    ({"pipeline": "home-"}, "bad-name"),
    ({"pipeline": "1home"}, "bad-name"),
    ({"pipeline": "a" * 33}, "bad-name"),
    ({"region": "Oregon"}, "bad-region"),
    ({"schedule": {"expression": "daily"}}, "bad-schedule"),
    ({"schedule": {"expression": "rate(0 days)"}}, "bad-schedule"),
    ({"schedule": {"expression": "rate(1 days)"}}, "bad-schedule"),
    ({"schedule": {"expression": "cron(0 6 * * ?)"}}, "bad-schedule"),
    ({"schedule": {"expression": "at(2026-11-22T11:00:00)"}}, "schedule-over"),
    ({"schedule": {"expression": "cron(0 6 * * ? 2025)"}}, "schedule-over"),
    ({"schedule": {"timezone": "Mars/Olympus Mons"}}, "unknown-time-zone"),
    (data(prefix="data/home-prices"), "bad-prefix"),
    (data(prefix="/data/"), "bad-prefix"),
    (data(prefix="data/*/"), "bad-prefix"),
    (data(layout="%d-%m-%Y/"), "bad-layout"),
    (data(layout="%Y-%m/"), "bad-layout"),
    *FORMATS,
    (data(prefix="data/${aws:username}/"), "not-a-literal"),
    (data(prefix=f"data/{'a' * 256}/"), "bad-prefix"),
    (data(prefix="data/a\n/"), "bad-prefix"),
    (data(prefix="runs/home-prices/"), "reserved"),
    (data(prefix="models/"), "reserved"),
    (data(feature_dim=0), "out-of-range"),
    (data(feature_dim=1.5), "wrong-type"),
    ({"window": {"start": "2026-11-01"}}, "window-half"),
    ({"window": {"days": 7, "start": "2026-11-01", "end": "2026-11-07"}}, "window-mixed"),
    ({"window": {"days": 0}}, "out-of-range"),
    ({"window": {"days": 3654}}, "out-of-range"),
    ({"window": {"weeks": 522}}, "out-of-range"),
    ({"window": {"months": 121}}, "out-of-range"),
    ({"window": {"expanding_from": "2026-02-30"}}, "bad-date"),
    ({"window": {"start": "2026-02-28", "end": "2026-02-29"}}, "bad-date"),
    ({"window": {"start": "2026-11-1", "end": "2026-11-07"}}, "bad-date"),
    ({"window": {"start": "2026-11-07", "end": "2026-11-01"}}, "window-reversed"),
    ({"window": {"start": "2015-01-01", "end": "2025-01-01"}}, "window-too-long"),
    ({"window": {"start": "2026-11-01", "end": "2026-11-07", "lag_days": 1}}, "window-mixed"),
    ({"window": {"holdout_days": -1}}, "out-of-range"),
    ({"window": {"min_days": 0}}, "out-of-range"),
    ({"window": {"holdout_days": 7}}, "holdout-too-long"),
    ({"window": {"days": 3, "min_days": 4}}, "min-days-too-many"),
    ({"window": {"start": "2026-11-01", "end": "2026-11-03", "holdout_days": 3}}, "holdout-too-long"),
    ({"window": {"start": "2026-11-01", "end": "2026-11-03", "min_days": 4}}, "min-days-too-many"),
    ({"window": {"timezone": "Europe Berlin"}}, "unknown-time-zone"),
    ({"training": {"algorithm": "catboost"}}, "not-a-choice"),
    (own(algorithm="linear-learner"), "one-of-two"),
    ({"training": {"image": "my-model:1"}}, "bad-image"),
    ({"training": {"image": IMAGE}}, "bad-image"),
    ({"training": {"predictor_type": "multiclass"}}, "not-a-choice"),
    ({"training": {"instance_type": "m5.xlarge"}}, "bad-instance-type"),
    ({"training": {"instance_count": 0}}, "out-of-range"),
    ({"training": {"volume_gb": 0}}, "out-of-range"),
    ({"training": {"max_runtime_minutes": 40321}}, "out-of-range"),
    ({"training": {"hyperparameters": {"feature_dim": "13"}}}, "reserved"),
    ({"training": {"hyperparameters": {"epochs": "1" * 2501}}}, "bad-value"),
    *(({"training": {"hyperparameters": {"epochs": f"15{end}"}}}, "bad-value") for end in "\n\r\x85\u2028\u2029"),
    ({"training": {"hyperparameters": {f"h{n}": "1" for n in range(99)}}}, "too-many"),
    (own(predictor_type="binary_classifier"), "unused-field"),
    (classes("multiclass_classifier"), "needs-another"),
    (classes("multiclass_classifier", "2"), "out-of-range"),
    (classes("multiclass_classifier", "1000001"), "out-of-range"),
    (classes("multiclass_classifier", "3.0"), "out-of-range"),
    (classes("multiclass_classifier", "three"), "out-of-range"),
    (classes("regressor", "3"), "unused-field"),
    ({"training": {"source": "code"}}, "needs-another"),
    (
        {"training": {"image": "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1", "source": "code"}},
        "needs-another",
    ),
    ({"training": {"metrics": {"validation:mse": "mse=(.+)"}}}, "unused-field"),
    ({"training": {"channels": {"extra": "data/"}}}, "unused-field"),
    (own(entry_point="fit.py"), "unused-field"),
    (own(source="code", entry_point="fit.sh"), "bad-name"),
    (own(source="code", entry_point="sub/fit.py"), "bad-name"),
    (own(source="/code"), "bad-value"),
    (own(source="code/../.."), "bad-value"),
    (own(source="code", hyperparameters={"sagemaker_program": "x.py"}), "reserved"),
    (own(channels={"train": "data/"}), "reserved"),
    (own(channels={"a b": "data/"}), "bad-name"),
    (own(channels={"extra": "data"}), "bad-prefix"),
    (own(channels={f"c{n}": "data/" for n in range(19)}), "too-many"),
    (own(metrics={f"m{n}": "m=(.+)" for n in range(41)}), "too-many"),
    (own(metrics={"a b": "m=(.+)"}), "bad-name"),
    (own(metrics={"m": "x" * 501}), "bad-value"),
    (own(metrics={"m": "m=(.+)\n"}), "bad-value"),
    (own(metrics={"m": "[[a](.+)"}), "bad-value"),  # Python warns of it
    (own(metrics={"m": "(a{99999999999})"}), "bad-value"),  # Python cannot count so far
    (own(metrics={"m": "(" * 240 + ")" * 240}), "bad-value"),
    ({"endpoint": {"name": "home-"}}, "bad-name"),
    ({"endpoint": {"name": "a" * 64}}, "bad-name"),
    ({"endpoint": {"instance_type": "large"}}, "bad-instance-type"),
    ({"endpoint": {"instance_count": 101}}, "out-of-range"),
    ({"endpoint": {"timeout_minutes": 1441}}, "out-of-range"),
    (guarded("blue-green"), "not-a-choice"),
    (guarded(batch_percent=51), "out-of-range"),
    (guarded(batch_percent=4), "out-of-range"),
    (guarded("linear", batch_percent=9, wait_seconds=0), "out-of-range"),
    (guarded(wait_seconds=3601), "out-of-range"),
    (guarded(termination_wait_seconds=-1), "out-of-range"),
    (guarded(timeout_minutes=9), "out-of-range"),
    (guarded(alarms=["a*"]), "bad-name"),
    (guarded(alarms=[f"a{n}" for n in range(11)]), "too-many"),
    (guarded("all-at-once", alarms=["a"]), "other-strategy"),
    (guarded("rolling", termination_wait_seconds=1), "other-strategy"),
    (guarded(instances=1), "batch-too-large"),
    (guarded(instances=3, batch_percent=50), "batch-too-large"),
    (guarded(wait_seconds=600, timeout_minutes=10), "waits-too-long"),
    (guarded("linear", wait_seconds=900), "waits-too-long"),
    ({"endpoint": {"keep": 1}}, "out-of-range"),
    ({"endpoint": {"keep": 101}}, "out-of-range"),
    (gate("a b", max=60), "bad-name"),
    (gate(), "gate-open"),
    (gate("loss", max=60, min=1), "gate-mixed"),
    (gate("validation:accuracy", max=1), "gate-direction"),
    (gate("rmse", min=1), "gate-direction"),
    (gate(max_regression=-0.1), "out-of-range"),
    (gate("validation:objective_loss", max_regression=0), "gate-metric"),
    (gate("train:mse", max_regression=0.1), "gate-metric"),
    (gate("validation:accuracy", max_regression=1), "gate-open"),
    (gate(max_regression=0.1, sample_rows=9), "out-of-range"),
    (gate(max=60, sample_rows=500), "unused-field"),
    (gate(max_regression=0.1, on_incomparable="ask"), "not-a-choice"),
    (gate(max=60, on_incomparable="accept"), "unused-field"),
    (gate(holdout_days=0, max=60), "needs-another"),
    (gate("validation:multiclass_accuracy", min=0.9), "gate-metric"),
    ({**gate("validation:mse", max=1), **own(metrics={"validation:rmse": "rmse=(.+)"})}, "gate-metric"),
    ({"approval": {"timeout_minutes": 0}}, "out-of-range"),
    ({"approval": {"timeout_minutes": 10081}}, "out-of-range"),
    ({"arrival": {"quiet_minutes": 0}}, "out-of-range"),
    ({"arrival": {"max_wait_minutes": 1441}}, "out-of-range"),
    ({"arrival": {"quiet_minutes": 121}}, "out-of-range"),
    ({"orchestration": "both"}, "not-a-choice"),
    ({"retrain_on": "always"}, "not-a-choice"),
    (data(stale_after_days=0), "out-of-range"),
    ({**data(stale_after_days=2), "window": {"lag_days": 2}}, "out-of-range"),
    (data(schema="home-prices.schema.json"), "wrong-type"),
    (data(schema_file="../home-prices.schema.json"), "bad-name"),
    (data(schema_file="no-such.json"), "source-missing"),
    (data(schema=["medv"]), "wrong-type"),
    (data(schema=[{"name": "medv"}]), "wrong-columns"),
    (columns(name="y"), "duplicate-key"),
    (columns(name=""), "bad-name"),
    (columns(name="a\nb"), "bad-name"),
    (columns(type="float"), "not-a-choice"),
    (columns(type="text"), "needs-another"),
    (columns(required=False), "needs-another"),
    (columns(required="no"), "wrong-type"),
    (columns(min=2, max=1), "out-of-range"),
    (columns(min="0"), "wrong-type"),
    (columns(max_nulls=2, required=False), "out-of-range"),
    (columns(max_nulls=0.1), "unused-field"),
    (columns(allowed=["a"]), "bad-value"),
    (columns(allowed=[str(n) for n in range(1001)]), "too-many"),
    ({**columns(type="text", min=0), **own()}, "unused-field"),
    ({**columns(type="boolean", allowed=["true"]), **own()}, "unused-field"),
    (data(rows={"min": 0}), "out-of-range"),
    (data(rows={"max_change": 0}), "bad-value"),
    (data(rows={"min": 1}), "needs-another"),
    (data(on_bad_day="stop"), "not-a-choice"),
    (data(on_bad_day="skip"), "needs-another"),
    (data(check_layer_arn="arn:aws:lambda:us-west-2:123456789012:layer:pyarrow:1"), "needs-another"),
    ({"drift": {"max_psi": 0}}, "bad-value"),
    ({"drift": {"max_psi": 0.25}}, "needs-another"),
    ({"slack": {**SLACK, "channel": ""}}, "bad-name"),
    ({"slack": {"channel": "ml"}}, "one-of-two"),
    ({"slack": {**SLACK, "token_secret": "refit/token"}}, "one-of-two"),
    ({"slack": {"channel": "ml", "token_parameter": "token"}}, "bad-name"),
    ({"slack": {"channel": "ml", "token_secret": "a secret"}}, "bad-name"),
    ({"alarms": {"actions": ["ml-alerts"]}}, "bad-arn"),
    ({"retention": {"run_days": 0, "model_days": 30}}, "out-of-range"),
    ({"retention": {"run_days": 1, "model_days": 365}}, "out-of-range"),
    (
        {"retention": {"run_days": 30, "model_days": 365}, "poll_interval_seconds": 3600, **limits(40320, 1440)},
        "out-of-range",
    ),
    ({"retention": {"run_days": 8, "model_days": 365}, "approval": {"timeout_minutes": 10080}}, "out-of-range"),
    ({"poll_interval_seconds": 0}, "out-of-range"),
    (polling(poll_interval_seconds=7), "polls-too-often"),
    (polling(10, 2, poll_interval_seconds=1), "polls-too-often"),
    (polling(40320, 1440, poll_interval_seconds=1009), "polls-too-often"),
    ({"schedule": {"enabled": "no"}}, "wrong-type"),
    (gate(max=60, advance_on_reject="yes"), "wrong-type"),
    ({"force_destroy": 1}, "wrong-type"),
    ({"bucket": "My_Bucket"}, "bad-name"),
    ({"bucket": "my.bucket"}, "bad-name"),
    ({"sagemaker_role_arn": "my-role"}, "bad-arn"),
    ({"log_retention_days": 31}, "not-a-choice"),
    ({"tags": {"aws:team": "pricing"}}, "reserved"),
    ({"tags": {"Refit:pipeline": "other"}}, "reserved"),
    ({"tags": {f"t{n}": "" for n in range(41)}}, "too-many"),
    ({"tags": {"team": "a;b"}}, "bad-value"),
]

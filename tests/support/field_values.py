"""A pipeline, a different value for each of its fields, and the change from one to the other."""

from typing import Any

from refit.pipeline.model import Pipeline
from refit.plan.field_changes import Change, changes

KEY = "prod/prices"


LEAST: dict[str, Any] = {"pipeline": "prices", "data": {"prefix": "data/prices/", "feature_dim": 13}}


def pipeline(**fields: Any) -> Pipeline:
    return Pipeline.model_validate(LEAST | fields)


def change(before: Pipeline, after: Pipeline) -> Change | None:
    found = changes({KEY: before}, {KEY: after})
    assert len(found) <= 1
    return found[0] if found else None


CHANGED: dict[str, dict[str, Any]] = {
    "region": {"region": "eu-central-1"},
    "schedule.expression": {"schedule": {"expression": "rate(2 days)"}},
    "schedule.timezone": {"schedule": {"timezone": "Europe/Berlin"}},
    "schedule.enabled": {"schedule": {"enabled": False}},
    "orchestration": {"orchestration": "polling"},
    "retrain_on": {"retrain_on": "any_change"},
    "data.prefix": {"data": {"prefix": "data/other/", "feature_dim": 13}},
    "data.stale_after_days": {"data": {"prefix": "data/prices/", "feature_dim": 13, "stale_after_days": 3}},
    "data.feature_dim": {"data": {"prefix": "data/prices/", "feature_dim": 14}},
    "window.days": {"window": {"days": 14}},
    "window.holdout_days": {"window": {"holdout_days": 1}},
    "window.min_days": {"window": {"min_days": 2}},
    "window.lag_days": {"window": {"lag_days": 1}},
    "window.timezone": {"window": {"timezone": "Asia/Tokyo"}},
    "training.image": {"training": {"image": "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1"}},
    "training.predictor_type": {"training": {"predictor_type": "binary_classifier"}},
    "training.instance_type": {"training": {"instance_type": "ml.c5.xlarge"}},
    "training.instance_count": {"training": {"instance_count": 2}},
    "training.volume_gb": {"training": {"volume_gb": 20}},
    "training.max_runtime_minutes": {"training": {"max_runtime_minutes": 30}},
    "endpoint.name": {"endpoint": {"name": "other"}},
    "endpoint.instance_type": {"endpoint": {"instance_type": "ml.c5.large"}},
    "endpoint.instance_count": {"endpoint": {"instance_count": 2}},
    "endpoint.timeout_minutes": {"endpoint": {"timeout_minutes": 30}},
    "endpoint.keep": {"endpoint": {"keep": 10}},
    "alarms.actions": {"alarms": {"actions": ("arn:aws:sns:us-west-2:123456789012:ml-alerts",)}},
    "poll_interval_seconds": {"poll_interval_seconds": 30},
    "bucket": {"bucket": "my-company-prices"},
    "sagemaker_role_arn": {"sagemaker_role_arn": "arn:aws:iam::123456789012:role/mine"},
    "log_retention_days": {"log_retention_days": 60},
    "force_destroy": {"force_destroy": True},
}

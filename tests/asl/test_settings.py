"""The settings that the Lambdas receive from a pipeline file."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.definitions import OWN, VARIANTS, pipeline, settings_of


def test_the_settings_of_a_sliding_window() -> None:
    one = pipeline(window={"days": 14, "holdout_days": 2, "min_days": 5, "lag_days": 1, "timezone": "Asia/Tokyo"})
    window = {"days": 14, "holdout_days": 2, "min_days": 5, "lag_days": 1, "timezone": "Asia/Tokyo"}
    assert settings_of(one, "CheckData")["window"] == window
    assert settings_of(pipeline(), "CheckData")["window"]["days"] == 7


@pytest.mark.parametrize("kind", [{"weeks": 4}, {"months": 3}, {"expanding_from": "2025-01-01"}], ids=str)
def test_the_settings_of_a_window_of_another_kind(kind: dict[str, Any]) -> None:
    others = {"holdout_days": 0, "min_days": 1, "lag_days": 0, "timezone": "UTC"}
    assert settings_of(pipeline(window=kind), "CheckData")["window"] == kind | others


def test_the_settings_of_a_pinned_window() -> None:
    window = {"holdout_days": 0, "min_days": 1, "lag_days": 0, "timezone": "Europe/Berlin"}
    assert settings_of(VARIANTS["pinned"], "CheckData")["window"] == {
        "start": "2026-11-01",
        "end": "2026-11-07",
        **window,
    }


def test_the_settings_of_training_and_serving() -> None:
    one = VARIANTS["everything"]
    assert settings_of(one, "StartTrainingJob") == {
        "role_arn": "${sagemaker_role_arn}",
        "instance_type": "ml.m5.xlarge",
        "instance_count": 1,
        "volume_gb": 10,
        "max_runtime_minutes": 60,
        "hyperparameters": {"epochs": "15", "feature_dim": "13", "predictor_type": "regressor"},
        "content_type": "text/csv",
        "compression_type": None,
        "input_mode": "File",
        "channels": {},
        "metrics": {},
        "network_isolation": True,
    }
    assert settings_of(one, "DeployModel") == {
        "role_arn": "${sagemaker_role_arn}",
        "instance_type": "ml.m5.large",
        "instance_count": 1,
        "deployment_config": None,
        "environment": {},
        "network_isolation": True,
    }
    assert settings_of(one, "GetStatus") == {
        "training_timeout_minutes": 120,
        "awaited_metrics": ["train:objective_loss"],
        "deployment_timeout_minutes": 1440,
    }
    checked = settings_of(one, "CheckData")
    assert (checked["endpoint"], checked["image"], checked["tags"]) == ("serving", None, {"team": "pricing"})
    assert checked["algorithm"] == "linear-learner"


def test_an_own_algorithm_gets_its_code_its_channels_and_what_its_log_says_of_metrics() -> None:
    trained = settings_of(VARIANTS["own"], "StartTrainingJob")
    assert trained["hyperparameters"] == {
        "sagemaker_program": "train.py",
        "sagemaker_submit_directory.$": "$.source",
        "sagemaker_region": "${region}",
    }
    assert (trained["channels"], trained["metrics"]) == (OWN["channels"], OWN["metrics"])
    assert trained["network_isolation"] is False
    assert settings_of(VARIANTS["own"], "DeployModel")["environment"] == {
        "SAGEMAKER_PROGRAM": "train.py",
        "SAGEMAKER_SUBMIT_DIRECTORY.$": "$.source",
        "SAGEMAKER_REGION": "${region}",
    }
    assert settings_of(VARIANTS["own"], "CheckData")["source"] == "${source_uri}"
    assert settings_of(pipeline(), "CheckData")["source"] is None


def test_check_data_compares_what_serves_with_what_would_be_deployed() -> None:
    one = pipeline(endpoint={"instance_type": "ml.c5.large", "instance_count": 3})
    checked, deployed = settings_of(one, "CheckData"), settings_of(one, "DeployModel")
    assert (checked["instance_type"], checked["instance_count"]) == ("ml.c5.large", 3)
    assert (deployed["instance_type"], deployed["instance_count"]) == ("ml.c5.large", 3)


def test_the_settings_of_slack() -> None:
    assert settings_of(VARIANTS["slack"], "NotifySlack") == {
        "pipeline": "prices",
        "environment": "${environment}",
        "region": "${region}",
        "approval": None,
        "slack": {"channel": "ml", "token_parameter": None, "token_secret": "refit/slack"},
    }
    assert settings_of(pipeline(), "NotifySlack")["slack"] is None

"""The schema of a pipeline file: defaults, names, and values that AWS would reject."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.session import get_session

from refit.pipeline.model import Pipeline
from tests.support.checkout import MINIMAL, load, problem


def test_two_fields_are_enough(tmp_path: Path) -> None:
    found = load(tmp_path, MINIMAL)
    assert found.endpoint_name == found.pipeline == "home-prices"
    assert found.state_machine_name == "refit-home-prices"
    assert found.watermark_parameter == "/models/home-prices/train/latest"
    assert found.run_parameter == "/models/home-prices/train/run"
    assert found.hold_parameter == "/models/home-prices/hold"
    assert found.commit_parameter == "/models/home-prices/train/commit"
    assert found.handlers == ("check_data", "notify_slack", "clean_up")
    assert found.hyperparameters == {"feature_dim": "13", "predictor_type": "regressor"}
    assert not found.window.pinned
    assert found.window.settings["days"] == 7
    assert found.slack is None


def test_a_null_is_a_field_that_is_not_written(tmp_path: Path) -> None:
    nulls = "region = null\nschedule = null\nwindow = { days = null, timezone = null }\nslack = null\ntags = null\n"
    assert load(tmp_path, MINIMAL + nulls) == load(tmp_path, MINIMAL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('region = "us-west-9"', 'region must be the code of an AWS region, got "us-west-9"; write "us-west-2"'),
        ('region = "eu-centrl-1"', 'region must be the code of an AWS region, got "eu-centrl-1"; write "eu-central-1"'),
        ('region = "Oregon"', 'region must be the code of an AWS region, got "Oregon"'),
        ('data2 = { prefix = "runs/x/" }', "there is no field data2; did you mean data?"),
        (
            'endpoint = { name = "a--" }',
            'endpoint.name must be 1 to 63 letters and digits, with hyphens only between them, got "a--"',
        ),
        ('endpoint = { instance_type = "m5.large" }', "endpoint.instance_type must be a SageMaker instance type"),
        ("endpoint = { timeout_minutes = 1441 }", "endpoint.timeout_minutes must be between 1 and 1440"),
        ('training = { image = "my-model:1" }', "training.image must be an image in Amazon ECR, with a tag or digest"),
        (
            'training = { predictor_type = "classifier" }',
            'must be "regressor", "binary_classifier" or "multiclass_classifier", got "classifier"',
        ),
        ("training = { max_runtime_minutes = 40321 }", "must be between 1 and 40320, which is 28 days, got 40321"),
        ('training = { hyperparameters = { "a.$" = "$.b" } }', 'got the name "a.$"'),
        ('bucket = "my.bucket"', "bucket must be a name that S3 accepts"),
        ('bucket = "xn--bucket"', "bucket must be a name that S3 accepts"),
        ('bucket = "bucket-s3alias"', "bucket must be a name that S3 accepts"),
        ('sagemaker_role_arn = "arn:aws:iam::1234:role/x"', "sagemaker_role_arn must be the ARN of an IAM role"),
        ("log_retention_days = 2", "log_retention_days must be one of 1, 3, 5, 7, 14, 30"),
        ("poll_interval_seconds = 0", "poll_interval_seconds must be between 1 and 3600, got 0"),
        ('slack = { channel = "x" }', "slack must have exactly one of token_parameter and token_secret"),
        (
            'slack = { channel = "x", token_parameter = "/a", token_secret = "b" }',
            "slack must have exactly one of token_parameter and token_secret",
        ),
        ('slack = { channel = "x", token_parameter = "/aws/a" }', "slack.token_parameter must be the full name"),
        ('slack = { channel = "x", token_parameter = "a" }', "slack.token_parameter must be the full name"),
        ('tags = { team = "a|b" }', "tags must contain at most 40 tags"),
        ('tags = { "refit:run" = "x" }', 'the tag "refit:run" starts with refit:, which is reserved'),
        ('tags = { Team = "a", team = "b" }', 'the tags "Team" and "team" differ only in case; keep one of them'),
        ("tags = { team = null }", "tags.team must be a string in double quotes, got null"),
        ("tags = {\n" + "".join(f't{n} = "x"\n' for n in range(41)) + "}", "tags must contain at most 40 tags"),
        (
            "training = { hyperparameters = {\n" + "".join(f'h{n} = "x"\n' for n in range(99)) + "} }",
            "training.hyperparameters must contain at most 98 entries",
        ),
        (f'training = {{ hyperparameters = {{ a = "{"x" * 2501}" }} }}', "values of one line with at most 2500"),
    ],
)
def test_what_aws_will_not_take_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in problem(tmp_path, f"{text}\n")


@pytest.mark.parametrize("shape", ["TrainingInstanceType", "ProductionVariantInstanceType"])
def test_every_instance_type_of_sagemaker_is_accepted(shape: str) -> None:
    known = get_session().get_service_model("sagemaker").shape_for(shape).enum
    assert len(known) > 200
    for instance_type in known:
        Pipeline.model_validate(
            {
                "pipeline": "home-prices",
                "data": {"prefix": "data/", "feature_dim": 1},
                "training": {"instance_type": instance_type},
                "endpoint": {"instance_type": instance_type},
            }
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('orchestration = "step"', 'not-a-choice orchestration must be "direct" or "polling", got "step"; write orche'),
        (
            'retrain_on = "change"',
            'not-a-choice retrain_on must be "new_day" or "any_change", got "change"; write retr',
        ),
        ("endpoint = { keep = 1 }", "endpoint.keep must be between 2 and 100, got 1; write keep = 2"),
        ("endpoint = { keep = 101 }", "endpoint.keep must be between 2 and 100, got 101"),
    ],
)
def test_a_choice_that_there_is_not_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in problem(tmp_path, f"{text}\n")


def test_what_is_not_written_is_off_or_sensible(tmp_path: Path) -> None:
    found = load(tmp_path, MINIMAL)
    assert (found.orchestration, found.retrain_on, found.endpoint.keep) == ("direct", "new_day", 5)
    assert (found.gate, found.approval, found.arrival, found.data.stale_after_days) == (None, None, None, None)


POLLING = ("start_training_job", "get_status", "deploy_model", "update_parameters")


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("", ()),
        ('orchestration = "polling"\n', POLLING),
        ("arrival = {}\n", ("object_arrived",)),
        ('gate = { metric = "train:mse", max = 60 }\n', ("evaluate_model",)),
        (
            'orchestration = "polling"\narrival = {}\ngate = { metric = "train:mse", max = 60 }\n',
            (*POLLING, "object_arrived", "evaluate_model"),
        ),
    ],
)
def test_a_pipeline_has_the_lambdas_that_it_needs(tmp_path: Path, text: str, more: tuple[str, ...]) -> None:
    handlers = load(tmp_path, MINIMAL + text).handlers
    assert len(handlers) == len(set(handlers))
    assert set(handlers) == {"check_data", "notify_slack", "clean_up", *more}

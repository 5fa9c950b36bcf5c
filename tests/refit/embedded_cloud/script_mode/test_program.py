"""The program that a training job or a model's container names."""

from __future__ import annotations

import json

import pytest

from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.script_mode import Program, of_container, of_job
from refit.embedded_cloud.script_mode.program import decoded

SOURCE = "s3://bucket/source.tar.gz"
HYPERPARAMETERS = {"sagemaker_program": "train.py", "sagemaker_submit_directory": SOURCE}
ENVIRONMENT = {"SAGEMAKER_PROGRAM": "train.py", "SAGEMAKER_SUBMIT_DIRECTORY": SOURCE}


@pytest.mark.parametrize("quote", [str, json.dumps], ids=["plain", "as JSON"])
def test_a_job_names_its_program_plainly_or_as_json(quote: object) -> None:
    assert callable(quote)
    given = {name: quote(value) for name, value in HYPERPARAMETERS.items()}
    assert of_job(given) == of_container(ENVIRONMENT) == Program("train.py", SOURCE)


def test_a_hyperparameter_that_is_no_json_is_passed_as_it_is() -> None:
    assert [decoded(value) for value in ('"a"', "2", "a", "[" * 2500)] == ["a", 2, "a", "[" * 2500]


def test_an_image_without_script_mode_settings_has_no_program() -> None:
    assert of_job({"depth": "3"}) is None
    assert of_container({"SAGEMAKER_REGION": "us-west-2"}) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sagemaker_program": ""}, "sagemaker_program is missing"),
        ({"sagemaker_submit_directory": ""}, "sagemaker_submit_directory is missing"),
        (
            {"sagemaker_program": "train.sh"},
            "sagemaker_program is train.sh; on the embedded cloud it must be",
        ),
        ({"sagemaker_program": "../train.py"}, "on the embedded cloud it must be a Python file"),
        ({"sagemaker_submit_directory": "/opt/ml/model/code"}, "on the embedded cloud it must be in S3"),
    ],
)
def test_a_program_that_cannot_be_run_here_is_refused(changes: dict[str, str], expected: str) -> None:
    with pytest.raises(CustomerError, match=expected):
        of_job(HYPERPARAMETERS | changes)

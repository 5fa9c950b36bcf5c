"""Finds the algorithm of a container image."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud import linear_learner, xgboost
from refit.embedded_cloud.instance import images
from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.script_mode import ScriptTrainer

XGBOOST = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.7-1"
PROGRAM = {"sagemaker_program": "train.py", "sagemaker_submit_directory": "s3://bucket/source.tar.gz"}


def job(image: str, **hyperparameters: str) -> dict[str, Any]:
    return {"AlgorithmSpecification": {"TrainingImage": image}, "HyperParameters": hyperparameters}


@pytest.mark.parametrize(
    "image",
    [
        "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1",
        "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:latest",
        "390948362332.dkr.ecr.cn-north-1.amazonaws.com.cn/linear-learner:1",
        "490574956308.dkr.ecr.us-iso-east-1.c2s.ic.gov/linear-learner:1",
        "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner",
    ],
)
def test_linear_learner_is_known_in_every_region(image: str) -> None:
    assert images.built_in(job(image)) is linear_learner


@pytest.mark.parametrize(
    "image",
    [
        "174872318107.dkr.ecr.us-west-2.amazonaws.com/xgboost:1",
        "174872318107.dkr.ecr.us-west-2.amazonaws.com/team/linear-learner:1",
        "linear-learner:1",
        "docker.io/linear-learner:1",
        "",
    ],
)
def test_another_image_is_not(image: str) -> None:
    assert images.built_in(job(image)) is None
    assert "linear-learner:1" in images.unknown(image)


def test_the_image_of_xgboost_is_the_algorithm_or_runs_a_program() -> None:
    assert images.trainer(job(XGBOOST, num_round="1")) is xgboost
    assert isinstance(images.trainer(job(XGBOOST, **PROGRAM)), ScriptTrainer)
    environment = {"SAGEMAKER_PROGRAM": "train.py", "SAGEMAKER_SUBMIT_DIRECTORY": "s3://bucket/source.tar.gz"}
    assert images.program({"Image": XGBOOST, "Environment": {}}) is None
    assert images.program({"Image": XGBOOST, "Environment": environment}) is not None
    assert images.server({"Image": XGBOOST, "Environment": {}}, b"") is xgboost


@pytest.mark.parametrize("image", ["174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1", XGBOOST])
def test_the_metrics_of_a_built_in_algorithm_cannot_be_overridden(image: str) -> None:
    request = job(image)
    request["AlgorithmSpecification"]["MetricDefinitions"] = [{"Name": "mse", "Regex": "mse=(.*)"}]
    with pytest.raises(CustomerError, match="You can't override the metric definitions"):
        images.trainer(request)


def test_a_selected_output_of_xgboost_works_only_on_aws() -> None:
    with pytest.raises(CustomerError, match="SAGEMAKER_INFERENCE_OUTPUT works only on AWS"):
        images.program({"Image": XGBOOST, "Environment": {"SAGEMAKER_INFERENCE_OUTPUT": "predicted_label"}})

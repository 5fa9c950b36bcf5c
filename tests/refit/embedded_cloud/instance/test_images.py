"""Finds the algorithm of a container image."""

from __future__ import annotations

import pytest

from refit.embedded_cloud import linear_learner
from refit.embedded_cloud.instance import images


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
    assert images.built_in(image) is linear_learner


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
    assert images.built_in(image) is None
    assert "linear-learner:1" in images.unknown(image)

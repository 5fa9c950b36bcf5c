"""The packages that a processing job's program can import."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.instance import image_packages


@pytest.mark.parametrize(
    ("repository", "has", "has_not"),
    [
        ("sagemaker-scikit-learn", {"boto3", "numpy", "pandas", "pyarrow", "sklearn"}, {"xgboost", "refit"}),
        ("sagemaker-xgboost", {"boto3", "pyarrow", "xgboost"}, {"torch"}),
        ("huggingface-pytorch-training", {"boto3", "torch", "transformers"}, {"pyarrow", "tensorflow"}),
        ("sagemaker-base-python", {"boto3"}, {"numpy", "pyarrow"}),
    ],
)
def test_an_image_has_the_sdk_and_the_packages_of_its_frameworks(
    repository: str, has: set[str], has_not: set[str]
) -> None:
    found = image_packages.of_image(f"246618743249.dkr.ecr.us-west-2.amazonaws.com/{repository}:1")
    assert has <= found
    assert not has_not & found

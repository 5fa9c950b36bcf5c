"""The lookups of SageMaker's resources."""

from __future__ import annotations

import pytest

from lambdas.get_status import handler
from lambdas.sagemaker import lookup
from tests.lambdas.test_get_status import deploying, endpoint
from tests.support.lambdas.fakes import SageMaker
from tests.support.lambdas.stage import Context


@pytest.mark.parametrize("status", ["InService", "Failed", "Updating"])
def test_an_endpoint_need_not_name_its_config(sagemaker: SageMaker, context: Context, status: str) -> None:
    """DescribeEndpointOutput requires a status, and no EndpointConfigName."""
    endpoint(sagemaker, status)
    del sagemaker.endpoints["home-prices"]["EndpointConfigName"]
    found = lookup.endpoint("home-prices")
    assert found is not None
    assert found["EndpointConfigName"] == ""
    expected = "InProgress" if status == "Updating" else "DeploymentFailed"
    assert handler(deploying(), context)["state"] == expected

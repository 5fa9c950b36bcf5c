"""A run creates its model and endpoint config, or adopts those of earlier attempts; tested through DeployModel."""

from __future__ import annotations

from typing import Any

import pytest

from lambdas.deploy_model import handler
from refit.domain.errors import NameConflict
from tests.support.lambdas.deployments import NAME, changes, event, existing
from tests.support.lambdas.fakes import SageMaker
from tests.support.lambdas.stage import JOB_COMPLETED, Context

pytestmark = pytest.mark.usefixtures("lease")


def test_a_retry_adopts_what_the_first_attempt_made(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "InService")
    handler(event(), context)
    again = handler(event(), context)
    assert again["action"] == "adopted"
    assert changes(sagemaker) == ["UpdateEndpoint"]
    assert len(sagemaker.models) == 1


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"status": JOB_COMPLETED | {"model_data": "s3://homes/elsewhere.tar.gz"}}, "the model"),
        ({"image": "123456789012.dkr.ecr.us-west-2.amazonaws.com/own:2"}, "the model"),
        ({"environment": {"SAGEMAKER_PROGRAM": "serve.py"}}, "the model"),
        ({"network_isolation": False}, "the model"),
        ({"instance_type": "ml.m5.xlarge"}, "the endpoint config"),
        ({"instance_count": 3}, "the endpoint config"),
    ],
)
def test_a_resource_of_this_runs_name_that_is_another_request_is_refused(
    sagemaker: SageMaker, context: Context, changed: dict[str, Any], kind: str
) -> None:
    handler(event(**changed), context)
    with pytest.raises(NameConflict, match=f"{kind} .* exists with other parameters"):
        handler(event(), context)


def test_the_container_gets_its_environment_and_the_network_that_it_needs(
    sagemaker: SageMaker, context: Context
) -> None:
    environment = {"SAGEMAKER_PROGRAM": "train.py"}
    handler(event(environment=environment, network_isolation=False), context)
    (model,) = sagemaker.called("CreateModel")
    assert (model["PrimaryContainer"]["Environment"], model["EnableNetworkIsolation"]) == (environment, False)


def test_a_model_that_is_described_without_an_empty_environment_is_adopted(
    sagemaker: SageMaker, context: Context
) -> None:
    handler(event(), context)
    del sagemaker.models[NAME]["PrimaryContainer"]["Environment"]
    assert handler(event(), context)["action"] == "adopted"


@pytest.mark.parametrize(
    "foreign", [{"Containers": [{"Image": "i"}]}, {"PrimaryContainer": {"ModelPackageName": "arn:aws:sagemaker:p"}}]
)
def test_a_model_without_an_image_of_its_own_is_refused(
    sagemaker: SageMaker, context: Context, foreign: dict[str, Any]
) -> None:
    """DescribeModelOutput requires no container, and a container no image."""
    handler(event(), context)
    (name,) = sagemaker.models
    sagemaker.models[name] = {"ModelName": name, "ModelArn": "arn:m", **foreign}
    with pytest.raises(NameConflict, match=r"the model .* exists with other parameters"):
        handler(event(), context)

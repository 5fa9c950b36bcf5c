"""SageMaker's errors are recognized by their messages; tested through DeployModel."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.deploy_model import handler
from refit.domain.errors import EndpointBusy, NotVisibleYet, QuotaInUse, Throttled
from tests.support.lambdas.deployments import NAME, OLD, OTHER, changes, event, existing
from tests.support.lambdas.fakes import Fault, SageMaker
from tests.support.lambdas.stage import Context, redeployment_document

pytestmark = pytest.mark.usefixtures("lease")


def test_who_loses_a_race_to_create_waits(sagemaker: SageMaker, context: Context) -> None:
    def create_first(**_: Any) -> None:
        existing(sagemaker, "Creating", config=OTHER)

    clients.sagemaker().meta.events.register("before-parameter-build.sagemaker.CreateEndpoint", create_first)
    with pytest.raises(EndpointBusy, match="changed by another caller"):
        handler(event(), context)


def test_who_loses_a_race_to_update_waits(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "InService")

    def update_first(**_: Any) -> None:
        sagemaker.endpoints["home-prices"]["EndpointStatus"] = "Updating"

    clients.sagemaker().meta.events.register("before-parameter-build.sagemaker.UpdateEndpoint", update_first)
    with pytest.raises(EndpointBusy, match="changed by another caller"):
        handler(event(), context)


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ("DescribeModel", "model"),
        ("CreateEndpointConfig", "model"),
        ("DescribeEndpointConfig", "endpoint configuration"),
        ("UpdateEndpoint", "endpoint configuration"),
    ],
)
@pytest.mark.parametrize("folder", ["arn:aws:sagemaker:us-west-2:123456789012:anything/", ""])
def test_what_this_run_has_just_made_is_asked_for_again(
    sagemaker: SageMaker, context: Context, operation: str, kind: str, folder: str
) -> None:
    existing(sagemaker, "InService")
    missing = f'Could not find {kind} "{folder}{NAME}".'
    Fault(clients.sagemaker(), operation, "ValidationException", message=missing, times=1)
    with pytest.raises(NotVisibleYet, match=f"Could not find {kind}"):
        handler(event(), context)
    assert handler(event(), context)["action"] == "updated"


def test_what_this_run_did_not_make_is_really_missing(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "InService")
    missing = f'Could not find model "arn:aws:sagemaker:us-west-2:123456789012:model/{OLD}".'
    Fault(clients.sagemaker(), "CreateEndpointConfig", "ValidationException", message=missing)
    with pytest.raises(ClientError, match=OLD):
        handler(event() | {"run": redeployment_document()}, context)


@pytest.mark.parametrize("operation", ["CreateModel", "CreateEndpointConfig", "DescribeEndpoint", "UpdateEndpoint"])
def test_errors_keep_their_names_and_throttling_is_throttled(
    sagemaker: SageMaker, context: Context, operation: str
) -> None:
    existing(sagemaker, "InService")
    Fault(clients.sagemaker(), operation, "ThrottlingException", times=3)
    with pytest.raises(Throttled, match="ThrottlingException"):
        handler(event(), context)
    for code in ("AccessDeniedException", "ValidationException"):
        Fault(clients.sagemaker(), operation, code, times=1)
        with pytest.raises(ClientError, match=code):
            handler(event(), context)


@pytest.mark.parametrize("operation", ["CreateEndpoint", "UpdateEndpoint"])
def test_a_quota_that_others_hold_is_waited_for(sagemaker: SageMaker, context: Context, operation: str) -> None:
    if operation == "UpdateEndpoint":
        existing(sagemaker, "InService")
    said = "The limit 'endpoint usage' is 4 Instances, with current utilization of 3 Instances and a request delta of"
    Fault(clients.sagemaker(), operation, "ResourceLimitExceeded", message=f"{said} 2 Instances.", times=1)
    with pytest.raises(QuotaInUse, match="is 4 Instances"):
        handler(event(), context)
    Fault(clients.sagemaker(), operation, "ResourceLimitExceeded", message=f"{said} 5 Instances.", times=1)
    with pytest.raises(ClientError, match="ResourceLimitExceeded"):
        handler(event(), context)
    handler(event(), context)
    assert changes(sagemaker) == [operation]

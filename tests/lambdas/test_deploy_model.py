"""DeployModel against SageMaker in memory, behind a real boto3 client."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from lambdas.deploy_model import handler
from refit.domain.endpoint_status import CHANGING, UPDATABLE
from refit.domain.errors import EndpointBusy, EndpointFailed, ForeignEndpoint, LeaseLost, UnknownStatus
from tests.support.lambdas.deployments import CANARY, NAME, OLD, OTHER, SETTINGS, changes, event, existing
from tests.support.lambdas.fakes import SageMaker
from tests.support.lambdas.stage import JOB_COMPLETED, Context, hold_lease

pytestmark = pytest.mark.usefixtures("lease")


def test_the_first_deployment_makes_model_config_and_endpoint(sagemaker: SageMaker, context: Context) -> None:
    deployment = handler(event(watermark=None), context)

    assert deployment == {
        "model": NAME,
        "endpoint_config": NAME,
        "endpoint": "home-prices",
        "action": "created",
        "started_at": "2026-11-22T06:10:00Z",
    }
    tags = [{"Key": "team", "Value": "homes"}, {"Key": "refit:run", "Value": "run-1"}]
    assert sagemaker.called("CreateModel") == [
        {
            "ModelName": NAME,
            "PrimaryContainer": {
                "Image": "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1",
                "ModelDataUrl": JOB_COMPLETED["model_data"],
                "Environment": {},
            },
            "ExecutionRoleArn": SETTINGS["role_arn"],
            "EnableNetworkIsolation": True,
            "Tags": tags,
        }
    ]
    assert sagemaker.called("CreateEndpointConfig") == [
        {
            "EndpointConfigName": NAME,
            "ProductionVariants": [
                {
                    "VariantName": "AllTraffic",
                    "ModelName": NAME,
                    "InstanceType": "ml.m5.large",
                    "InitialInstanceCount": 2,
                    "InitialVariantWeight": 1.0,
                }
            ],
            "Tags": tags,
        }
    ]
    assert sagemaker.called("CreateEndpoint") == [
        {"EndpointName": "home-prices", "EndpointConfigName": NAME, "Tags": tags}
    ]


@pytest.mark.parametrize("status", ["InService", "OutOfService", "UpdateRollbackFailed"])
def test_an_endpoint_at_rest_is_updated(sagemaker: SageMaker, context: Context, status: str) -> None:
    existing(sagemaker, status)
    assert handler(event(), context)["action"] == "updated"
    assert sagemaker.called("UpdateEndpoint") == [
        {"EndpointName": "home-prices", "EndpointConfigName": NAME, "RetainAllVariantProperties": True}
    ]
    assert changes(sagemaker) == ["UpdateEndpoint"]


def test_an_update_is_guarded_as_the_pipeline_says_and_keeps_the_capacity_of_autoscaling(
    sagemaker: SageMaker, context: Context
) -> None:
    existing(sagemaker, "InService")
    handler(event(deployment_config=CANARY), context)
    (sent,) = sagemaker.called("UpdateEndpoint")
    assert sent["DeploymentConfig"] == CANARY
    assert sent["RetainAllVariantProperties"] is True


def test_the_first_deployment_has_nothing_to_guard(sagemaker: SageMaker, context: Context) -> None:
    handler(event(watermark=None, deployment_config=CANARY), context)
    (sent,) = sagemaker.called("CreateEndpoint")
    assert "DeploymentConfig" not in sent


def test_a_changed_instance_count_takes_effect(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "InService", count=1)
    handler(event(), context)
    assert sagemaker.called("UpdateEndpoint")[0]["RetainAllVariantProperties"] is False


def test_an_endpoint_that_no_run_made_gets_the_pipelines_own_fleet(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "InService", config=OTHER)
    handler(event(), context)
    assert sagemaker.called("UpdateEndpoint")[0]["RetainAllVariantProperties"] is False
    assert {call["EndpointConfigName"] for call in sagemaker.called("DescribeEndpointConfig")} == {NAME}


def test_an_endpoint_whose_config_was_deleted_gets_the_pipelines_own_fleet(
    sagemaker: SageMaker, context: Context
) -> None:
    existing(sagemaker, "InService")
    del sagemaker.configs[OLD]
    assert handler(event(), context)["action"] == "updated"
    assert sagemaker.called("UpdateEndpoint")[0]["RetainAllVariantProperties"] is False


@pytest.mark.parametrize("status", sorted({*CHANGING, *UPDATABLE, "Failed"}))
def test_an_endpoint_that_this_run_has_already_changed_is_left_alone(
    sagemaker: SageMaker, context: Context, status: str
) -> None:
    existing(sagemaker, status, config=NAME)
    assert handler(event(), context)["action"] == "adopted"
    assert changes(sagemaker) == []


@pytest.mark.parametrize("status", ["Updating", "RollingBack"])
def test_a_change_towards_this_runs_config_is_adopted(sagemaker: SageMaker, context: Context, status: str) -> None:
    existing(sagemaker, status, config=OLD, towards=NAME)
    assert handler(event(), context)["action"] == "adopted"
    assert changes(sagemaker) == []


@pytest.mark.parametrize("status", sorted(CHANGING))
@pytest.mark.parametrize("towards", [None, OTHER])
def test_another_callers_change_is_waited_for(
    sagemaker: SageMaker, context: Context, status: str, towards: str | None
) -> None:
    existing(sagemaker, status, towards=towards)
    with pytest.raises(EndpointBusy, match=f"home-prices is {status}, changing to {towards or OLD}"):
        handler(event(), context)
    assert changes(sagemaker) == []


def test_a_change_away_from_this_runs_config_is_another_callers(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "Updating", config=NAME, towards=OTHER)
    with pytest.raises(EndpointBusy, match=f"changing to {OTHER}"):
        handler(event(), context)


@pytest.mark.parametrize("config", [NAME, OLD])
def test_an_endpoint_that_is_being_deleted_is_waited_for(sagemaker: SageMaker, context: Context, config: str) -> None:
    existing(sagemaker, "Deleting", config)
    with pytest.raises(EndpointBusy, match="is being deleted"):
        handler(event(), context)


def test_an_endpoint_that_failed_before_it_ever_served_is_replaced(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "Failed")
    with pytest.raises(EndpointBusy, match="failed before it ever served, and is being deleted"):
        handler(event(watermark=None), context)
    with pytest.raises(EndpointBusy, match="is being deleted"):
        handler(event(watermark=None), context)
    del sagemaker.endpoints["home-prices"]
    assert handler(event(watermark=None), context)["action"] == "created"
    assert changes(sagemaker) == ["DeleteEndpoint", "CreateEndpoint"]


@pytest.mark.parametrize("status", sorted({*CHANGING, *UPDATABLE, "Failed"}))
@pytest.mark.parametrize("config", [OTHER, "home-prices-eu-20261121-ffffffff"])
def test_an_endpoint_from_before_the_first_deployment_is_not_ours(
    sagemaker: SageMaker, context: Context, status: str, config: str
) -> None:
    existing(sagemaker, status, config=config)
    with pytest.raises(ForeignEndpoint, match=rf"is on {config}, which no run of home-prices created.*endpoint\.name"):
        handler(event(watermark=None), context)
    assert changes(sagemaker) == []


def test_an_endpoint_from_before_that_was_deleted_makes_room(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "Deleting", config=OTHER)
    with pytest.raises(EndpointBusy, match="is being deleted"):
        handler(event(watermark=None), context)


def test_an_endpoint_that_a_run_left_before_the_watermark_moved_is_ours(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "InService", config=OLD)
    assert handler(event(watermark=None), context)["action"] == "updated"


def test_an_endpoint_that_failed_after_it_served_is_left_to_a_person(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "Failed")
    sagemaker.endpoints["home-prices"]["FailureReason"] = "no capacity"
    with pytest.raises(EndpointFailed, match=r"is Failed \(no capacity\) and has served.*delete it, then start"):
        handler(event(watermark="2026-11-21"), context)
    assert changes(sagemaker) == []


def test_an_unknown_status_is_an_error(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "Hibernating")
    with pytest.raises(UnknownStatus, match="home-prices has the unknown status Hibernating"):
        handler(event(), context)


def test_the_wait_for_a_busy_endpoint_does_not_count(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "InService")
    assert handler(event(), context)["started_at"] == "2026-11-22T06:10:00Z"
    late = event() | {"now": "2026-11-22T08:00:00Z"}
    assert handler(late, context)["started_at"] == "2026-11-22T08:00:00Z"


def test_no_status_of_the_service_model_is_left_out() -> None:
    model = boto3.client("sagemaker", region_name="us-west-2").meta.service_model
    assert set(model.shape_for("EndpointStatus").enum) == CHANGING | UPDATABLE | {"Deleting", "Failed"}


def test_a_lease_that_is_lost_while_the_model_is_created_keeps_the_endpoint(
    sagemaker: SageMaker, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = event()
    create = sagemaker.CreateEndpointConfig

    def create_slowly(**config: Any) -> dict[str, Any]:
        hold_lease(asked["run"] | {"execution_arn": "arn:aws:states:us-west-2:123456789012:execution:refit-homes:two"})
        return create(**config)

    existing(sagemaker, "InService")
    monkeypatch.setattr(sagemaker, "CreateEndpointConfig", create_slowly)
    with pytest.raises(LeaseLost, match=":two"):
        handler(asked, context)
    assert changes(sagemaker) == []

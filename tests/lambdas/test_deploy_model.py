"""DeployModel against SageMaker in memory, behind a real boto3 client."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.deploy_model import handler
from refit.domain.endpoint_status import CHANGING, UPDATABLE
from refit.domain.errors import (
    EndpointBusy,
    EndpointFailed,
    ForeignEndpoint,
    NameConflict,
    NotVisibleYet,
    QuotaInUse,
    Throttled,
    UnknownStatus,
)
from tests.support.lambdas.fakes import NOW, Fault, SageMaker
from tests.support.lambdas.stage import IMAGE, JOB_COMPLETED, Context, redeployment_document, run_document

pytestmark = pytest.mark.usefixtures("lease")

NAME = run_document()["name"]
OLD, OTHER = "home-prices-20261121-ffffffff", "by-hand"
SETTINGS = {
    "role_arn": "arn:aws:iam::123456789012:role/refit-home-prices-sagemaker",
    "instance_type": "ml.m5.large",
    "instance_count": 2,
    "deployment_config": None,
    "environment": {},
    "network_isolation": True,
}
CANARY = {
    "BlueGreenUpdatePolicy": {
        "TrafficRoutingConfiguration": {
            "Type": "CANARY",
            "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 50},
            "WaitIntervalInSeconds": 300,
        },
    },
    "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "refit-home-prices-endpoint-errors"}]},
}


def event(
    watermark: str | None = "2026-11-21", status: dict[str, Any] = JOB_COMPLETED, image: str = IMAGE, **settings: Any
) -> Any:
    run = run_document(status=status, watermark=watermark, image=image)
    return {"run": run, "now": "2026-11-22T06:05:00Z", "settings": SETTINGS | settings}


def existing(sagemaker: SageMaker, status: str, config: str = OLD, towards: str | None = None, count: int = 2) -> None:
    """An endpoint on `config`, perhaps being changed `towards` another."""
    for name in {config, towards or config} - {NAME}:
        variant = {"VariantName": "AllTraffic", "ModelName": name, "InitialInstanceCount": count}
        sagemaker.configs[name] = {"EndpointConfigName": name, "ProductionVariants": [variant]}
    sagemaker.endpoints["home-prices"] = {
        "EndpointName": "home-prices",
        "EndpointConfigName": config,
        "EndpointStatus": status,
        "LastModifiedTime": NOW.timestamp(),
        "Arn": "arn:…",
    }
    if towards:
        sagemaker.endpoints["home-prices"]["PendingDeploymentSummary"] = {"EndpointConfigName": towards}


def changes(sagemaker: SageMaker) -> list[str]:
    return [name for name, _ in sagemaker.calls if name in ("CreateEndpoint", "UpdateEndpoint", "DeleteEndpoint")]


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
def test_somebody_elses_change_is_waited_for(
    sagemaker: SageMaker, context: Context, status: str, towards: str | None
) -> None:
    existing(sagemaker, status, towards=towards)
    with pytest.raises(EndpointBusy, match=f"home-prices is {status}, changing to {towards or OLD}"):
        handler(event(), context)
    assert changes(sagemaker) == []


def test_a_change_away_from_this_runs_config_is_somebody_elses(sagemaker: SageMaker, context: Context) -> None:
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
    with pytest.raises(ForeignEndpoint, match=rf"is on {config}, which no run of home-prices made.*endpoint\.name"):
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
    with pytest.raises(EndpointFailed, match=r"is Failed \(no capacity\) and served before.*delete it, then start"):
        handler(event(watermark="2026-11-21"), context)
    assert changes(sagemaker) == []


def test_a_status_that_nobody_knows_is_an_error(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "Hibernating")
    with pytest.raises(UnknownStatus, match="home-prices is Hibernating"):
        handler(event(), context)


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


class TestRedeployment:
    def event(self, **settings: Any) -> dict[str, Any]:
        return event(**settings) | {"run": redeployment_document()}

    def test_the_model_that_serves_gets_a_config_of_this_run(self, sagemaker: SageMaker, context: Context) -> None:
        existing(sagemaker, "InService", count=1)

        deployment = handler(self.event(instance_type="ml.m5.xlarge"), context)

        assert deployment == {
            "model": OLD,
            "endpoint_config": NAME,
            "endpoint": "home-prices",
            "action": "updated",
            "started_at": "2026-11-22T06:10:00Z",
        }
        (config,) = sagemaker.called("CreateEndpointConfig")
        assert config["EndpointConfigName"] == NAME
        assert config["ProductionVariants"] == [
            {
                "VariantName": "AllTraffic",
                "ModelName": OLD,
                "InstanceType": "ml.m5.xlarge",
                "InitialInstanceCount": 2,
                "InitialVariantWeight": 1.0,
            }
        ]
        assert sagemaker.called("UpdateEndpoint") == [
            {"EndpointName": "home-prices", "EndpointConfigName": NAME, "RetainAllVariantProperties": False}
        ]
        assert config["Tags"] == redeployment_document()["tags"]

    def test_no_model_is_made_or_looked_at(self, sagemaker: SageMaker, context: Context) -> None:
        existing(sagemaker, "InService")
        handler(self.event(), context)
        assert sagemaker.called("CreateModel") == sagemaker.called("DescribeModel") == []

    def test_another_type_of_instance_keeps_the_capacity_of_autoscaling(
        self, sagemaker: SageMaker, context: Context
    ) -> None:
        existing(sagemaker, "InService")
        handler(self.event(instance_type="ml.m5.xlarge"), context)
        assert sagemaker.called("UpdateEndpoint")[0]["RetainAllVariantProperties"] is True

    def test_a_retry_adopts_what_the_first_attempt_made(self, sagemaker: SageMaker, context: Context) -> None:
        existing(sagemaker, "InService")
        handler(self.event(), context)
        assert handler(self.event(), context)["action"] == "adopted"
        assert changes(sagemaker) == ["UpdateEndpoint"]

    def test_a_config_of_this_runs_name_for_another_model_is_refused(
        self, sagemaker: SageMaker, context: Context
    ) -> None:
        existing(sagemaker, "InService")
        handler(event(), context)
        with pytest.raises(NameConflict, match=r"the endpoint config .* exists with other parameters"):
            handler(self.event(), context)

    def test_an_endpoint_that_failed_meanwhile_served_whatever_the_watermark_says(
        self, sagemaker: SageMaker, context: Context
    ) -> None:
        existing(sagemaker, "Failed")
        started_over = self.event()
        started_over["run"]["watermark"] = None
        with pytest.raises(EndpointFailed):
            handler(started_over, context)
        assert changes(sagemaker) == []


class TestRollback:
    def event(self, **settings: Any) -> dict[str, Any]:
        return event(**settings) | {"run": redeployment_document(outcome="Rollback")}

    def test_the_earlier_model_gets_a_config_of_this_run_and_the_guardrails_of_any_deployment(
        self, sagemaker: SageMaker, context: Context
    ) -> None:
        existing(sagemaker, "InService", config="home-prices-20261122-eeeeeeee")
        deployment = handler(self.event(deployment_config=CANARY), context)
        assert (deployment["model"], deployment["endpoint_config"], deployment["action"]) == (OLD, NAME, "updated")
        (sent,) = sagemaker.called("UpdateEndpoint")
        assert sent["DeploymentConfig"] == CANARY
        assert sagemaker.called("CreateModel") == []

    def test_an_endpoint_that_is_gone_is_made_anew(self, sagemaker: SageMaker, context: Context) -> None:
        assert handler(self.event(), context)["action"] == "created"


def test_the_wait_for_a_busy_endpoint_does_not_count(sagemaker: SageMaker, context: Context) -> None:
    existing(sagemaker, "InService")
    assert handler(event(), context)["started_at"] == "2026-11-22T06:10:00Z"
    late = event() | {"now": "2026-11-22T08:00:00Z"}
    assert handler(late, context)["started_at"] == "2026-11-22T08:00:00Z"


def test_no_status_of_the_service_model_is_left_out() -> None:
    model = boto3.client("sagemaker", region_name="us-west-2").meta.service_model
    assert set(model.shape_for("EndpointStatus").enum) == CHANGING | UPDATABLE | {"Deleting", "Failed"}

"""DeployModel in a redeployment and in a rollback, which deploy the model of an earlier run."""

from __future__ import annotations

from typing import Any

import pytest

from lambdas.deploy_model import handler
from refit.domain.errors import EndpointFailed, NameConflict
from tests.support.lambdas.deployments import CANARY, NAME, OLD, changes, event, existing
from tests.support.lambdas.fakes import SageMaker
from tests.support.lambdas.stage import Context, redeployment_document

pytestmark = pytest.mark.usefixtures("lease")


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

    def test_a_missing_endpoint_is_created(self, sagemaker: SageMaker, context: Context) -> None:
        assert handler(self.event(), context)["action"] == "created"

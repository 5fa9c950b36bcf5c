"""CheckData in a redeployment, with real S3, SSM and Step Functions, and SageMaker in memory."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.check_data import handler
from refit.domain.errors import EndpointBusy, EndpointFailed, Throttled, UnknownModel, UnknownStatus
from refit.domain.run_document import Run
from tests.support.lambdas.deployments import serve
from tests.support.lambdas.fakes import Fault, SageMaker
from tests.support.lambdas.stage import IMAGE, Context, Pipeline


def redeploy(pipeline: Pipeline, context: Context, **detail: Any) -> Run:
    return handler(pipeline.event(pipeline.execution(), redeploy=True, **detail), context)


def test_new_settings_give_the_whole_run_document(pipeline: Pipeline, sagemaker: SageMaker, context: Context) -> None:
    model = serve(sagemaker, pipeline)
    pipeline.put("2026-11-22")
    pipeline.watermark = "2026-11-21"
    pipeline.settings |= {"instance_type": "ml.m5.xlarge", "instance_count": 2}
    execution = pipeline.execution()

    run = handler(pipeline.event(execution, redeploy=True, commit="0123abc"), context)

    digest = hashlib.sha256(f"{execution['arn']} {execution['started_at']}".encode()).hexdigest()[:8]
    assert run == {
        "outcome": "Redeploy",
        "reason": f"redeploying {model}: 1 × ml.m5.large → 2 × ml.m5.xlarge",
        "pipeline": pipeline.name,
        "run": execution["name"],
        "execution_arn": execution["arn"],
        "event_time": "2026-11-22T06:00:00Z",
        "commit": "0123abc",
        "train_only": False,
        "bucket": pipeline.bucket,
        "data_bucket": pipeline.bucket,
        "data_bucket_owner": None,
        "window": {"start": "2026-11-16", "end": "2026-11-22"},
        "days": {"train": [], "validation": [], "missing": []},
        "objects": 0,
        "bytes": 0,
        "fingerprint": "",
        "newest": None,
        "watermark": "2026-11-21",
        "stale": None,
        "manifest": None,
        "validation": None,
        "source": None,
        "name": f"{pipeline.name}-20261121-{digest}",
        "endpoint": pipeline.name,
        "image": IMAGE,
        "tags": [
            {"Key": "team", "Value": "homes"},
            {"Key": "refit:pipeline", "Value": pipeline.name},
            {"Key": "refit:run", "Value": execution["name"]},
            {"Key": "refit:commit", "Value": "0123abc"},
        ],
        "model": model,
    }
    json.dumps(run)
    assert pipeline.keys("runs/") == [f"runs/{pipeline.name}/lease.json"]
    assert {name for name, _ in sagemaker.calls} == {"ListTrainingJobs", "DescribeEndpoint", "DescribeEndpointConfig"}


@pytest.mark.parametrize("changed", [{"instance_type": "ml.c5.large"}, {"instance_count": 3}])
def test_one_new_setting_is_enough(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context, changed: dict[str, Any]
) -> None:
    serve(sagemaker, pipeline)
    pipeline.settings |= changed
    assert redeploy(pipeline, context)["outcome"] == "Redeploy"


def test_every_part_of_a_configs_identity_counts(pipeline: Pipeline, sagemaker: SageMaker, context: Context) -> None:
    # An update retains the capacity of a variant by its name, so a different variant name means a different config.
    model = serve(sagemaker, pipeline, VariantName="Other")
    run = redeploy(pipeline, context)
    assert run["outcome"] == "Redeploy"
    assert run["reason"] == f"redeploying {model}: 1 × ml.m5.large, variant Other → 1 × ml.m5.large"


def test_an_endpoint_with_these_settings_is_left_alone(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context
) -> None:
    model = serve(sagemaker, pipeline)
    run = redeploy(pipeline, context)
    assert (run["outcome"], run["reason"]) == ("NothingToRedeploy", f"{model} already runs on 1 × ml.m5.large")
    assert "model" not in run


@pytest.mark.parametrize("status", [None, "Failed"])
def test_nothing_deployed_yet_is_nothing_to_do(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context, status: str | None
) -> None:
    if status:
        serve(sagemaker, pipeline, status)
    pipeline.put("2026-11-22")
    run = redeploy(pipeline, context)
    assert run["outcome"] == "NothingToRedeploy"
    assert (
        run["reason"] == f"the endpoint {pipeline.name} serves no model yet; the first deployment uses the new settings"
    )
    assert pipeline.keys("runs/") == [f"runs/{pipeline.name}/lease.json"]


def test_a_retry_gives_the_same_document(pipeline: Pipeline, sagemaker: SageMaker, context: Context) -> None:
    serve(sagemaker, pipeline, InitialInstanceCount=2)
    event = pipeline.event(pipeline.execution(), redeploy=True)
    assert handler(event, context) == handler(event, context)


def test_one_run_at_a_time(pipeline: Pipeline, sagemaker: SageMaker, context: Context) -> None:
    serve(sagemaker, pipeline, InitialInstanceCount=2)
    handler(pipeline.event(pipeline.execution()), context)
    assert redeploy(pipeline, context)["outcome"] == "AlreadyRunning"
    assert {name for name, _ in sagemaker.calls} == {"ListTrainingJobs"}


def test_another_run_does_not_look_at_the_endpoint(pipeline: Pipeline, sagemaker: SageMaker, context: Context) -> None:
    pipeline.put("2026-11-22")
    assert handler(pipeline.event(pipeline.execution(), redeploy=False), context)["outcome"] == "NewData"
    assert {name for name, _ in sagemaker.calls} == {"ListTrainingJobs"}


@pytest.mark.parametrize("status", ["Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"])
def test_an_endpoint_that_changes_is_waited_for(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context, status: str
) -> None:
    serve(sagemaker, pipeline, status)
    with pytest.raises(EndpointBusy, match=f"{pipeline.name} is {'being deleted' if status == 'Deleting' else status}"):
        redeploy(pipeline, context)


def test_an_endpoint_that_failed_after_it_served_is_left_to_a_person(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context
) -> None:
    serve(sagemaker, pipeline, "Failed")
    pipeline.watermark = "2026-11-21"
    with pytest.raises(EndpointFailed, match="delete it, then start a run with force"):
        redeploy(pipeline, context)


@pytest.mark.parametrize("status", ["OutOfService", "UpdateRollbackFailed"])
def test_an_endpoint_that_does_not_serve_one_config_is_not_redeployed(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context, status: str
) -> None:
    serve(sagemaker, pipeline, status)
    with pytest.raises(UnknownModel, match=f"is {status}, so its live model is unknown"):
        redeploy(pipeline, context)


def test_an_unknown_status_is_an_error(pipeline: Pipeline, sagemaker: SageMaker, context: Context) -> None:
    serve(sagemaker, pipeline, "Hibernating")
    with pytest.raises(UnknownStatus, match="Hibernating"):
        redeploy(pipeline, context)


class TestWhatNoRunOfThisPipelineDeployed:
    @pytest.mark.parametrize("config", ["by-hand", "{}-eu-20261121-ffffffff"])
    def test_a_config_is_not_even_looked_at(
        self, pipeline: Pipeline, sagemaker: SageMaker, context: Context, config: str
    ) -> None:
        serve(sagemaker, pipeline)
        foreign = config.format(pipeline.name)
        sagemaker.endpoints[pipeline.name]["EndpointConfigName"] = foreign
        with pytest.raises(UnknownModel, match=f"serves {foreign}, which no run of {pipeline.name} created"):
            redeploy(pipeline, context)
        assert sagemaker.called("DescribeEndpointConfig") == []

    def test_a_model_is_not_deployed_again(self, pipeline: Pipeline, sagemaker: SageMaker, context: Context) -> None:
        serve(sagemaker, pipeline, ModelName="by-hand")
        with pytest.raises(UnknownModel, match=f"serves by-hand: not exactly one model of a run of {pipeline.name}"):
            redeploy(pipeline, context)

    def test_several_models_are_not_redeployed(
        self, pipeline: Pipeline, sagemaker: SageMaker, context: Context
    ) -> None:
        model = serve(sagemaker, pipeline)
        sagemaker.configs[model]["ProductionVariants"] *= 2
        with pytest.raises(UnknownModel, match=f"serves {model}, {model}: not exactly one model"):
            redeploy(pipeline, context)

    def test_a_config_that_was_deleted_tells_nothing(
        self, pipeline: Pipeline, sagemaker: SageMaker, context: Context
    ) -> None:
        del sagemaker.configs[serve(sagemaker, pipeline)]
        with pytest.raises(UnknownModel, match="that endpoint config was deleted"):
            redeploy(pipeline, context)


@pytest.mark.parametrize("operation", ["DescribeEndpoint", "DescribeEndpointConfig"])
def test_what_cannot_be_seen_is_not_missing(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context, operation: str
) -> None:
    serve(sagemaker, pipeline)
    Fault(clients.sagemaker(), operation, "ThrottlingException", times=3)
    with pytest.raises(Throttled, match="ThrottlingException"):
        redeploy(pipeline, context)
    clients.stepfunctions().stop_execution(
        executionArn=pipeline.get(f"runs/{pipeline.name}/lease.json")["execution_arn"]
    )
    Fault(clients.sagemaker(), operation, "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        redeploy(pipeline, context)

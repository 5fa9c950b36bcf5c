"""CheckData in a rollback, with real S3, SSM and Step Functions, and SageMaker in memory."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.check_data import handler
from refit.domain.errors import EndpointBusy, EndpointFailed, ForeignEndpoint, Throttled, UnknownModel, UnknownStatus
from refit.domain.run_document import Run
from tests.support.lambdas.deployments import serve
from tests.support.lambdas.fakes import Fault, SageMaker
from tests.support.lambdas.stage import IMAGE, Context, Pipeline


def earlier(sagemaker: SageMaker, pipeline: Pipeline, day: str = "20261115") -> str:
    """The name of a model that an earlier run created."""
    name = f"{pipeline.name}-{day}-eeeeeeee"
    sagemaker.models[name] = {"ModelName": name}
    return name


def roll_back(pipeline: Pipeline, context: Context, model: str, **detail: Any) -> Run:
    return handler(pipeline.event(pipeline.execution(), rollback=model, **detail), context)


def test_an_earlier_model_gives_the_whole_run_document(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context
) -> None:
    serve(sagemaker, pipeline)
    model = earlier(sagemaker, pipeline)
    pipeline.put("2026-11-22")
    pipeline.watermark = "2026-11-21"
    execution = pipeline.execution()

    run = handler(pipeline.event(execution, rollback=model), context)

    digest = hashlib.sha256(f"{execution['arn']} {execution['started_at']}".encode()).hexdigest()[:8]
    assert run == {
        "outcome": "Rollback",
        "reason": f"restoring {model} on 1 × ml.m5.large",
        "pipeline": pipeline.name,
        "run": execution["name"],
        "execution_arn": execution["arn"],
        "event_time": "2026-11-22T06:00:00Z",
        "commit": None,
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
        "name": f"{pipeline.name}-20261115-{digest}",
        "endpoint": pipeline.name,
        "image": IMAGE,
        "tags": [
            {"Key": "team", "Value": "homes"},
            {"Key": "refit:pipeline", "Value": pipeline.name},
            {"Key": "refit:run", "Value": execution["name"]},
        ],
        "model": model,
    }
    json.dumps(run)
    assert pipeline.keys("runs/") == [f"runs/{pipeline.name}/lease.json"]
    described = {"DescribeModel", "DescribeEndpoint", "DescribeEndpointConfig"}
    assert {name for name, _ in sagemaker.calls} == {"ListTrainingJobs", *described}


def test_a_model_that_serves_as_wanted_already_is_left_alone(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context
) -> None:
    model = serve(sagemaker, pipeline)
    sagemaker.models[model] = {"ModelName": model}
    run = roll_back(pipeline, context, model)
    assert (run["outcome"], run["reason"]) == ("NothingToRedeploy", f"{model} already runs on 1 × ml.m5.large")
    assert "model" not in run


@pytest.mark.parametrize(
    "differing", [{"InitialInstanceCount": 2}, {"InstanceType": "ml.c5.large"}, {"VariantName": "Other"}]
)
def test_a_model_that_serves_with_other_settings_is_deployed_again(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context, differing: dict[str, Any]
) -> None:
    model = serve(sagemaker, pipeline, **differing)
    sagemaker.models[model] = {"ModelName": model}
    assert roll_back(pipeline, context, model)["outcome"] == "Rollback"


@pytest.mark.parametrize("status", [None, "OutOfService", "UpdateRollbackFailed"])
def test_an_endpoint_that_is_gone_or_half_there_is_what_a_rollback_may_be_for(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context, status: str | None
) -> None:
    if status:
        model = serve(sagemaker, pipeline, status)
        sagemaker.models[model] = {"ModelName": model}
    assert roll_back(pipeline, context, earlier(sagemaker, pipeline))["outcome"] == "Rollback"
    if status:
        clients.stepfunctions().stop_execution(
            executionArn=pipeline.get(f"runs/{pipeline.name}/lease.json")["execution_arn"]
        )
        assert roll_back(pipeline, context, model)["outcome"] == "Rollback"


@pytest.mark.parametrize("config", ["by-hand", "deleted"])
def test_what_serves_need_not_be_known(pipeline: Pipeline, sagemaker: SageMaker, context: Context, config: str) -> None:
    pipeline.watermark = "2026-11-21"
    served = serve(sagemaker, pipeline)
    if config == "deleted":
        del sagemaker.configs[served]
    else:
        sagemaker.endpoints[pipeline.name]["EndpointConfigName"] = config
    assert roll_back(pipeline, context, earlier(sagemaker, pipeline))["outcome"] == "Rollback"


@pytest.mark.parametrize("name", ["{}", "{}-20261115", "{}-eu-20261115-eeeeeeee", "other-20261115-eeeeeeee", "by hand"])
def test_a_name_that_no_run_of_this_pipeline_gave_is_not_even_looked_up(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context, name: str
) -> None:
    model = name.format(pipeline.name)
    with pytest.raises(UnknownModel, match=f"{model} is not the name of a model that a run of {pipeline.name} created"):
        roll_back(pipeline, context, model)
    assert {name for name, _ in sagemaker.calls} == {"ListTrainingJobs"}


def test_a_model_that_is_gone_cannot_serve_again(pipeline: Pipeline, sagemaker: SageMaker, context: Context) -> None:
    serve(sagemaker, pipeline)
    gone = f"{pipeline.name}-20261101-eeeeeeee"
    with pytest.raises(UnknownModel, match=f"the model {gone} does not exist in SageMaker, or was deleted"):
        roll_back(pipeline, context, gone)


class TestWhatDeployModelWouldRefuse:
    @pytest.mark.parametrize("status", ["Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"])
    def test_an_endpoint_that_changes_is_waited_for(
        self, pipeline: Pipeline, sagemaker: SageMaker, context: Context, status: str
    ) -> None:
        serve(sagemaker, pipeline, status)
        with pytest.raises(EndpointBusy):
            roll_back(pipeline, context, earlier(sagemaker, pipeline))

    def test_an_endpoint_that_failed_after_it_served_is_left_to_a_person(
        self, pipeline: Pipeline, sagemaker: SageMaker, context: Context
    ) -> None:
        pipeline.watermark = "2026-11-21"
        serve(sagemaker, pipeline, "Failed")
        with pytest.raises(EndpointFailed):
            roll_back(pipeline, context, earlier(sagemaker, pipeline))

    def test_an_endpoint_from_before_the_first_deployment_is_not_ours(
        self, pipeline: Pipeline, sagemaker: SageMaker, context: Context
    ) -> None:
        serve(sagemaker, pipeline)
        sagemaker.endpoints[pipeline.name]["EndpointConfigName"] = "by-hand"
        with pytest.raises(ForeignEndpoint, match="is on by-hand"):
            roll_back(pipeline, context, earlier(sagemaker, pipeline))

    def test_an_unknown_status_is_an_error(self, pipeline: Pipeline, sagemaker: SageMaker, context: Context) -> None:
        serve(sagemaker, pipeline, "Hibernating")
        with pytest.raises(UnknownStatus, match="Hibernating"):
            roll_back(pipeline, context, earlier(sagemaker, pipeline))


@pytest.mark.parametrize("operation", ["DescribeModel", "DescribeEndpoint", "DescribeEndpointConfig"])
def test_what_cannot_be_seen_is_not_missing(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context, operation: str
) -> None:
    serve(sagemaker, pipeline)
    event = pipeline.event(pipeline.execution(), rollback=earlier(sagemaker, pipeline))
    Fault(clients.sagemaker(), operation, "ThrottlingException", times=3)
    with pytest.raises(Throttled, match="ThrottlingException"):
        handler(event, context)
    Fault(clients.sagemaker(), operation, "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        handler(event, context)

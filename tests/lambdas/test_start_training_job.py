"""StartTrainingJob against SageMaker in memory, behind a real boto3 client."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.start_training_job import handler
from refit.domain.errors import NameConflict, QuotaInUse, Throttled
from tests.support.lambdas.fakes import Fault, SageMaker
from tests.support.lambdas.stage import Context, run_document

pytestmark = pytest.mark.usefixtures("lease")

NAME = run_document()["name"]
SETTINGS = {
    "role_arn": "arn:aws:iam::123456789012:role/refit-home-prices-sagemaker",
    "instance_type": "ml.m5.xlarge",
    "instance_count": 1,
    "volume_gb": 10,
    "max_runtime_minutes": 60,
    "hyperparameters": {"mini_batch_size": "30", "feature_dim": "13", "predictor_type": "regressor"},
    "channels": {},
    "metrics": {},
    "network_isolation": True,
}
OWN = "123456789012.dkr.ecr.us-west-2.amazonaws.com/own:2"


def event(run: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    return {"run": run or run_document(), "now": "2026-11-22T06:05:00Z", "settings": SETTINGS | settings}


def channel(name: str, kind: str, uri: str) -> dict[str, Any]:
    source = {"S3DataType": kind, "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {
        "ChannelName": name,
        "ContentType": "text/csv",
        "InputMode": "File",
        "DataSource": {"S3DataSource": source},
    }


def test_it_asks_for_exactly_this_job(sagemaker: SageMaker, context: Context) -> None:
    training = handler(event(), context)

    assert training == {
        "job": NAME,
        "arn": f"arn:aws:sagemaker:us-west-2:123456789012:training-job/{NAME}",
        "asked_at": "2026-11-22T06:05:00Z",
        "started_at": "2026-11-22T06:10:00Z",
    }

    (request,) = sagemaker.called("CreateTrainingJob")
    assert request == {
        "TrainingJobName": NAME,
        "AlgorithmSpecification": {
            "TrainingImage": "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1",
            "TrainingInputMode": "File",
        },
        "RoleArn": SETTINGS["role_arn"],
        "HyperParameters": {"mini_batch_size": "30", "feature_dim": "13", "predictor_type": "regressor"},
        "InputDataConfig": [
            channel("train", "ManifestFile", "s3://homes/runs/home-prices/run-1/manifest.json"),
            channel("validation", "ManifestFile", "s3://homes/runs/home-prices/run-1/validation.json"),
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://homes/models/home-prices/"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "EnableNetworkIsolation": True,
        "Tags": [{"Key": "team", "Value": "homes"}, {"Key": "refit:run", "Value": "run-1"}],
    }


def test_without_a_holdout_there_is_no_validation_channel(sagemaker: SageMaker, context: Context) -> None:
    handler(event(run_document(validation=None)), context)
    assert [channel["ChannelName"] for channel in sagemaker.jobs[NAME]["InputDataConfig"]] == ["train"]


def test_an_own_image_may_reach_the_network_and_its_log_is_read_for_metrics(
    sagemaker: SageMaker, context: Context
) -> None:
    handler(event(run_document(image=OWN), network_isolation=False, metrics={"validation:mse": "mse=(.*?);"}), context)
    job = sagemaker.jobs[NAME]
    assert job["EnableNetworkIsolation"] is False
    assert job["AlgorithmSpecification"] == {
        "TrainingImage": OWN,
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "validation:mse", "Regex": "mse=(.*?);"}],
    }


def test_more_channels_follow_those_of_the_run(sagemaker: SageMaker, context: Context) -> None:
    handler(event(run_document(validation=None), channels={"prices": "reference/prices/"}), context)
    assert sagemaker.jobs[NAME]["InputDataConfig"] == [
        channel("train", "ManifestFile", "s3://homes/runs/home-prices/run-1/manifest.json"),
        channel("prices", "S3Prefix", "s3://homes/reference/prices/"),
    ]


@pytest.mark.parametrize("metrics", [{}, {"validation:mse": "mse=(.*?);"}])
def test_a_retry_adopts_the_job_that_the_first_attempt_started(
    sagemaker: SageMaker, context: Context, metrics: dict[str, str]
) -> None:
    first = handler(event(metrics=metrics), context)
    sagemaker.jobs[NAME]["TrainingJobStatus"] = "Completed"
    assert handler(event(metrics=metrics), context) == first
    assert len(sagemaker.jobs) == 1


def test_metrics_that_a_built_in_image_adds_are_not_a_difference(sagemaker: SageMaker, context: Context) -> None:
    first = handler(event(), context)
    sagemaker.jobs[NAME]["AlgorithmSpecification"]["MetricDefinitions"] = [{"Name": "train:mse", "Regex": "x(.*)"}]
    assert handler(event(), context) == first


@pytest.mark.parametrize(
    ("run", "settings", "what"),
    [
        ({"manifest": "s3://homes/runs/home-prices/run-0/manifest.json"}, {}, "data"),
        ({"validation": None}, {}, "data"),
        ({}, {"channels": {"prices": "reference/prices/"}}, "data"),
        ({"image": OWN}, {}, "image"),
        ({}, {"role_arn": "arn:aws:iam::123456789012:role/another-role-of-ours"}, "role"),
        ({}, {"hyperparameters": {"epochs": "21"}}, "hyperparameters"),
        ({}, {"network_isolation": False}, "network isolation"),
        ({"manifest": "s3://x/y"}, {"hyperparameters": {}}, "data, hyperparameters"),
    ],
)
def test_a_job_of_the_same_name_that_is_another_request_is_refused(
    sagemaker: SageMaker, context: Context, run: dict[str, Any], settings: dict[str, Any], what: str
) -> None:
    handler(event(run_document(**run), **settings), context)
    with pytest.raises(NameConflict, match=f"{NAME} exists with different {what}$"):
        handler(event(), context)


@pytest.mark.parametrize("present", [{}, {"validation:mse": "other=(.*?);"}])
def test_a_job_of_the_same_name_that_reports_other_metrics_is_refused(
    sagemaker: SageMaker, context: Context, present: dict[str, str]
) -> None:
    handler(event(metrics=present), context)
    with pytest.raises(NameConflict, match=r"exists with different metrics$"):
        handler(event(metrics={"validation:mse": "mse=(.*?);"}), context)


def test_throttling_is_throttled(sagemaker: SageMaker, context: Context) -> None:
    Fault(clients.sagemaker(), "CreateTrainingJob", "ThrottlingException", times=3)
    with pytest.raises(Throttled, match="ThrottlingException"):
        handler(event(), context)


def limit(quota: int, used: int, asked: int) -> str:
    """SageMaker's message when a quota is exceeded."""
    return (
        f"The account-level service limit 'ml.m5.xlarge for training job usage' is {quota} Instances, with current "
        f"utilization of {used} Instances and a request delta of {asked} Instances. Please contact AWS support."
    )


@pytest.mark.parametrize("message", [limit(1, 1, 1), limit(4, 3, 2), limit(2, 3, 1), "The limit was exceeded."])
def test_a_quota_that_others_hold_is_waited_for(sagemaker: SageMaker, context: Context, message: str) -> None:
    Fault(clients.sagemaker(), "CreateTrainingJob", "ResourceLimitExceeded", message=message, times=1)
    with pytest.raises(QuotaInUse, match=message[:20]):
        handler(event(), context)
    assert handler(event(), context)["job"] == NAME


@pytest.mark.parametrize("message", [limit(0, 0, 1), limit(4, 0, 11)])
def test_a_quota_that_is_too_small_fails_at_once_under_its_own_name(
    sagemaker: SageMaker, context: Context, message: str
) -> None:
    Fault(clients.sagemaker(), "CreateTrainingJob", "ResourceLimitExceeded", message=message)
    with pytest.raises(ClientError) as raised:
        handler(event(), context)
    assert type(raised.value).__name__ == "ResourceLimitExceeded"


def test_access_denied_to_the_job_is_not_taken_for_a_missing_one(sagemaker: SageMaker, context: Context) -> None:
    handler(event(), context)
    Fault(clients.sagemaker(), "DescribeTrainingJob", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        handler(event(), context)


@pytest.mark.parametrize("member", ["InputDataConfig", "AlgorithmSpecification"])
def test_a_job_of_the_same_name_with_another_kind_of_data_or_algorithm_is_refused(
    sagemaker: SageMaker, context: Context, member: str
) -> None:
    files = {"ChannelName": "train", "DataSource": {"FileSystemDataSource": {"FileSystemId": "fs-1"}}}
    other = {"InputDataConfig": [files], "AlgorithmSpecification": {"AlgorithmName": "a"}}[member]
    handler(event(), context)
    sagemaker.jobs[NAME][member] = other
    with pytest.raises(NameConflict, match=f"{NAME} exists with different (data|image)$"):
        handler(event(), context)
    del sagemaker.jobs[NAME][member]
    with pytest.raises(NameConflict, match=f"{NAME} exists with different (data|image)$"):
        handler(event(), context)


def test_the_channels_have_the_datas_format_and_the_jobs_mode(sagemaker: SageMaker, context: Context) -> None:
    own = {"content_type": "text/csv", "compression_type": "Gzip", "input_mode": "Pipe"}
    handler(event(channels={"test": "data/test/"}, **own), context)
    (request,) = sagemaker.called("CreateTrainingJob")
    assert request["AlgorithmSpecification"]["TrainingInputMode"] == "Pipe"
    members = [
        {name: one[name] for name in ("ContentType", "CompressionType", "InputMode")}
        for one in request["InputDataConfig"]
    ]
    assert members == [{"ContentType": "text/csv", "CompressionType": "Gzip", "InputMode": "Pipe"}] * len(members)
    assert len(members) >= 2

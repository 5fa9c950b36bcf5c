"""StartTrainingJob against SageMaker in memory, behind a real boto3 client."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from fakes import Fault, SageMaker
from stage import Context, run_document

from lambdas import clients
from lambdas.contract import NameConflict, QuotaInUse, Throttled, UnknownRegion
from lambdas.start_training_job import handler

pytestmark = pytest.mark.usefixtures("lease")

NAME = run_document()["name"]
SETTINGS = {
    "image": None,
    "region": "us-west-2",
    "role_arn": "arn:aws:iam::123456789012:role/refit-home-prices-sagemaker",
    "feature_dim": 13,
    "predictor_type": "regressor",
    "instance_type": "ml.m5.xlarge",
    "instance_count": 1,
    "volume_gb": 10,
    "max_runtime_minutes": 60,
    "hyperparameters": {"mini_batch_size": "30", "epochs": 20},
    "tags": {"team": "homes"},
}


def event(run: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    return {"run": run or run_document(), "now": "2026-11-22T06:05:00Z", "settings": SETTINGS | settings}


def test_it_asks_for_exactly_this_job(sagemaker: SageMaker, context: Context) -> None:
    training = handler(event(), context)

    assert training == {
        "job": NAME,
        "arn": f"arn:aws:sagemaker:us-west-2:123456789012:training-job/{NAME}",
        "asked_at": "2026-11-22T06:05:00Z",
        "started_at": "2026-11-22T06:10:00Z",
    }

    def channel(name: str, file: str) -> dict[str, Any]:
        source = {
            "S3DataType": "ManifestFile",
            "S3Uri": f"s3://homes/runs/home-prices/run-1/{file}",
            "S3DataDistributionType": "FullyReplicated",
        }
        return {
            "ChannelName": name,
            "ContentType": "text/csv",
            "InputMode": "File",
            "DataSource": {"S3DataSource": source},
        }

    (request,) = sagemaker.called("CreateTrainingJob")
    assert request == {
        "TrainingJobName": NAME,
        "AlgorithmSpecification": {
            "TrainingImage": "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1",
            "TrainingInputMode": "File",
        },
        "RoleArn": SETTINGS["role_arn"],
        "HyperParameters": {
            "mini_batch_size": "30",
            "epochs": "20",
            "feature_dim": "13",
            "predictor_type": "regressor",
        },
        "InputDataConfig": [channel("train", "manifest.json"), channel("validation", "validation.json")],
        "OutputDataConfig": {"S3OutputPath": "s3://homes/models/home-prices/"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "EnableNetworkIsolation": True,
        "Tags": [
            {"Key": "team", "Value": "homes"},
            {"Key": "refit:pipeline", "Value": "home-prices"},
            {"Key": "refit:run", "Value": "run-1"},
            {"Key": "refit:fingerprint", "Value": "f" * 64},
            {"Key": "refit:commit", "Value": "0123abc"},
        ],
    }


def test_without_a_holdout_there_is_no_validation_channel(sagemaker: SageMaker, context: Context) -> None:
    handler(event(run_document(validation=None)), context)
    assert [channel["ChannelName"] for channel in sagemaker.jobs[NAME]["InputDataConfig"]] == ["train"]


def test_an_image_of_the_pipelines_own_may_reach_the_network(sagemaker: SageMaker, context: Context) -> None:
    own = "123456789012.dkr.ecr.us-west-2.amazonaws.com/own:2"
    handler(event(image=own), context)
    job = sagemaker.jobs[NAME]
    assert (job["AlgorithmSpecification"]["TrainingImage"], job["EnableNetworkIsolation"]) == (own, False)


def test_tags_are_made_of_what_sagemaker_accepts(sagemaker: SageMaker, context: Context) -> None:
    handler(event(run_document(run="run 1\t(again)!\n", commit=None)), context)
    values = {tag["Key"]: tag["Value"] for tag in sagemaker.jobs[NAME]["Tags"]}
    assert values["refit:run"] == "run 1__again___"
    assert "refit:commit" not in values


def test_a_retry_adopts_the_job_that_the_first_attempt_started(sagemaker: SageMaker, context: Context) -> None:
    first = handler(event(), context)
    sagemaker.jobs[NAME]["TrainingJobStatus"] = "Completed"
    assert handler(event(), context) == first
    assert len(sagemaker.jobs) == 1


@pytest.mark.parametrize(
    ("run", "settings", "what"),
    [
        ({"manifest": "s3://homes/runs/home-prices/run-0/manifest.json"}, {}, "data"),
        ({"validation": None}, {}, "data"),
        ({}, {"image": "123456789012.dkr.ecr.us-west-2.amazonaws.com/own:2"}, "image"),
        ({}, {"role_arn": "arn:aws:iam::123456789012:role/another-role-of-ours"}, "role"),
        ({}, {"hyperparameters": {"epochs": "21"}}, "hyperparameters"),
        ({"manifest": "s3://x/y"}, {"predictor_type": "binary_classifier"}, "data, hyperparameters"),
    ],
)
def test_a_job_of_the_same_name_that_is_another_request_is_refused(
    sagemaker: SageMaker, context: Context, run: dict[str, Any], settings: dict[str, Any], what: str
) -> None:
    handler(event(run_document(**run), **settings), context)
    with pytest.raises(NameConflict, match=f"{NAME} exists with another {what}$"):
        handler(event(), context)


def test_a_region_without_the_image_is_refused_before_anything_is_made(sagemaker: SageMaker, context: Context) -> None:
    with pytest.raises(UnknownRegion, match=r"write training\.image"):
        handler(event(region="us-isob-east-1"), context)
    assert sagemaker.calls == []


def test_throttling_is_throttled(sagemaker: SageMaker, context: Context) -> None:
    Fault(clients.sagemaker(), "CreateTrainingJob", "ThrottlingException", times=3)
    with pytest.raises(Throttled, match="ThrottlingException"):
        handler(event(), context)


def limit(quota: int, used: int, asked: int) -> str:
    """What SageMaker says when it refuses instances."""
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

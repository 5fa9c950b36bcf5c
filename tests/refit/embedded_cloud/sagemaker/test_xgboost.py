"""AWS's XGBoost through SageMaker's API: a job from a manifest, its description, and an endpoint."""

from __future__ import annotations

import io
import json
import tarfile
from typing import Any

import pytest

from refit.data import csv_rows
from tests.support.embedded_cloud.customer import BUCKET, Customer, channel, refused
from tests.support.embedded_cloud.linear_learner_job import BOSTON
from tests.support.embedded_cloud.programs import new_config

IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.7-1"
BOOSTED = {"num_round": "30", "objective": "reg:squarederror", "max_depth": "4", "eta": "0.2"}


def train(customer: Customer, hyperparameters: dict[str, str], data: list[dict[str, Any]]) -> dict[str, Any]:
    image = {"TrainingImage": IMAGE, "TrainingInputMode": "File"}
    return customer.train("", InputDataConfig=data, AlgorithmSpecification=image, HyperParameters=hyperparameters)


def deploy(customer: Customer, artifact: str) -> dict[str, Any]:
    name = customer.name("model")
    container = {"Image": IMAGE, "ModelDataUrl": artifact}
    customer.sagemaker.create_model(
        ModelName=name, PrimaryContainer=container, ExecutionRoleArn=customer.role, EnableNetworkIsolation=True
    )
    return customer.settled(customer.start_endpoint(new_config(customer, name)))


@pytest.fixture(scope="module")
def job(account: Customer) -> dict[str, Any]:
    """A job of which a manifest lists two days."""
    rows = csv_rows.shuffled(csv_rows.read(BOSTON, 13, label="medv"), 1978)
    for day, part in enumerate((rows[:200], rows[200:400], rows[400:]), 1):
        account.put(csv_rows.body(part), f"data/boosted/2026-11-0{day}.csv")
    prefix = {"prefix": f"s3://{BUCKET}/data/boosted/"}
    manifest = account.put_manifest(prefix, "2026-11-01.csv", "2026-11-02.csv")
    held_out = account.put_manifest(prefix, "2026-11-03.csv")
    data = [channel("train", manifest, "ManifestFile"), channel("validation", held_out, "ManifestFile")]
    return train(account, BOOSTED, data)


def test_it_trains_and_its_metrics_are_read_from_its_log(customer: Customer, job: dict[str, Any]) -> None:
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    metrics = {metric["MetricName"]: metric["Value"] for metric in job["FinalMetricDataList"]}
    assert metrics.keys() == {"train:rmse", "validation:rmse"}
    assert metrics["train:rmse"] < metrics["validation:rmse"] < 7
    definitions = {one["Name"]: one["Regex"] for one in job["AlgorithmSpecification"]["MetricDefinitions"]}
    assert "#011validation-rmse:" in definitions["validation:rmse"]


def test_it_serves_and_a_damaged_model_does_not(customer: Customer, job: dict[str, Any]) -> None:
    artifact = job["ModelArtifacts"]["S3ModelArtifacts"]
    endpoint = deploy(customer, artifact)
    assert endpoint["EndpointStatus"] == "InService"
    rows = [row.features for row in csv_rows.read(BOSTON, 13, label="medv")[:3]]
    listed = json.loads(customer.invoke(endpoint["EndpointName"], "\n".join(rows), Accept="application/json")["Body"])
    lines = customer.invoke(endpoint["EndpointName"], "\n".join(rows))["Body"]
    assert [float(line) for line in lines.splitlines()] == listed
    assert len(listed) == 3

    body = customer.s3.get_object(Bucket=BUCKET, Key=artifact.removeprefix(f"s3://{BUCKET}/"))["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        assert tar.getnames() == ["xgboost-model"]
        member = tar.extractfile("xgboost-model")
        assert member
        model = member.read()
    cut = io.BytesIO()
    with tarfile.open(fileobj=cut, mode="w:gz") as tar:
        entry = tarfile.TarInfo("xgboost-model")
        entry.size = len(model) // 2
        tar.addfile(entry, io.BytesIO(model))
    failed = deploy(customer, customer.put(cut.getvalue(), "models/damaged/model.tar.gz"))
    assert failed["EndpointStatus"] == "Failed"
    assert "did not pass the ping health check" in failed["FailureReason"]


def test_a_mistake_of_the_customer_fails_the_job(customer: Customer, job: dict[str, Any]) -> None:
    data = [channel("train", f"s3://{BUCKET}/data/boosted/", "S3Prefix")]
    failed = train(customer, {"objective": "reg:squarederror"}, data)
    assert failed["FailureReason"] == "ClientError: Missing required hyperparameter: num_round"
    deep = customer.put("1,2\n", "data/boosted/too/deep/day.csv")
    manifest = customer.put_manifest({"prefix": f"s3://{BUCKET}/"}, deep.removeprefix(f"s3://{BUCKET}/"))
    failed = train(customer, BOOSTED, [channel("train", manifest, "ManifestFile")])
    assert "is 4 folders below its channel" in failed["FailureReason"]


def test_its_metric_definitions_cannot_be_replaced(customer: Customer, job: dict[str, Any]) -> None:
    image = {
        "TrainingImage": IMAGE,
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "rmse", "Regex": "rmse=(.*)"}],
    }
    data = [channel("train", f"s3://{BUCKET}/data/boosted/", "S3Prefix")]
    code, message = refused(
        lambda: customer.start_job("", InputDataConfig=data, AlgorithmSpecification=image, HyperParameters=BOOSTED)
    )
    assert code == "ValidationException"
    assert "You can't override the metric definitions" in message

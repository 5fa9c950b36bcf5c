"""Processing jobs that AWS or the embedded cloud rejects although the service model allows them."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.sagemaker import processing_requests
from refit.embedded_cloud.sagemaker.errors import ApiError
from tests.support.embedded_cloud.processing import CODE, IMAGE, request, s3_input, s3_output

PROGRAM = ["python3", f"{CODE}/check.py"]
DATA = "/opt/ml/processing/data"
CLUSTER = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
BEGINS = "LocalPath must be an absolute path that begins with /opt/ml/processing/, found"


def sound(**changes: Any) -> dict[str, Any]:
    return request("check-1", "arn:aws:iam::000000000000:role/check", "s3://homes/code/check.py", **changes)


def application(**changes: Any) -> dict[str, Any]:
    return {"AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": PROGRAM, **changes}}


def cluster(**changes: Any) -> dict[str, Any]:
    return {"ProcessingResources": {"ClusterConfig": {**CLUSTER, **changes}}}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"ProcessingInputs": []},
        {"inputs": [s3_input("data", "s3://homes/data/", DATA)], "outputs": [s3_output("o", "s3://homes", DATA)]},
        application(ContainerEntrypoint=["/usr/bin/python3.9", "-m", "check"]),
        {"ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}}},
    ],
)
def test_a_sound_request_is_accepted(changes: dict[str, Any]) -> None:
    processing_requests.check(sound(**changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ProcessingResources": {"ClusterConfig": {"VolumeSizeInGB": 1}}}, "ClusterConfig must have InstanceType"),
        (cluster(InstanceCount=2), "runs a processing job on one instance: set InstanceCount to 1"),
        ({"inputs": [s3_input("code", "s3://b/k", DATA)]}, "InputName must be unique, found code, code."),
        ({"outputs": [s3_output("o", "s3://b", DATA)] * 2}, "OutputName must be unique, found o, o."),
        ({"ProcessingInputs": [{"InputName": "x"}]}, "input x: exactly one of S3Input and DatasetDefinition"),
        ({"outputs": [{"OutputName": "x"}]}, "output x: exactly one of S3Output and FeatureStoreOutput"),
        ({"inputs": [s3_input("x", "s3://b/k", "/home/x")]}, f"input x: {BEGINS} /home/x"),
        ({"inputs": [s3_input("x", "s3://b/k", "/opt/ml/processing")]}, f"input x: {BEGINS} /opt/ml/processing"),
        ({"inputs": [s3_input("x", "s3://b/k", f"{DATA}/../../x")]}, f"input x: {BEGINS} {DATA}/../../x"),
        ({"outputs": [s3_output("x", "s3://b/k", "out")]}, f"output x: {BEGINS} out"),
        ({"ProcessingInputs": [{"InputName": "x", "S3Input": {"S3Uri": "s3://b/k"}}]}, "LocalPath is required"),
        ({"inputs": [s3_input("x", "https://b/k", DATA)]}, "knows S3Uri s3://<bucket>/<prefix> only, found https://b"),
        ({"inputs": [s3_input("x", "s3://b/k", DATA, S3InputMode="Pipe")]}, "not pipes: Pipe works only on AWS"),
        ({"inputs": [s3_input("x", "s3://b/k", DATA, S3CompressionType="Gzip")]}, "only with S3InputMode Pipe"),
        (application(ImageUri="123456789012.dkr.ecr.us-west-2.amazonaws.com/own:1"), "cannot run the image 1234567"),
        (application(ImageUri="sagemaker-scikit-learn:1.2-1"), "cannot run the image sagemaker-scikit-learn"),
        (application(ContainerEntrypoint=["/bin/bash", "run.sh"]), "runs only programs in Python, found"),
        (application(ContainerEntrypoint=["python3"]), "runs only programs in Python, found"),
        ({"AppSpecification": {"ImageUri": IMAGE}}, "runs only programs in Python, found the ContainerEntrypoint []"),
    ],
)
def test_a_request_that_cannot_run_is_rejected(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ApiError) as rejected:
        processing_requests.check(sound(**changes))
    assert rejected.value.code == "ValidationException"
    assert message in str(rejected.value)


def test_a_job_may_run_for_a_day_unless_its_request_says_otherwise() -> None:
    assert processing_requests.max_runtime_seconds(sound()) == 86_400
    assert processing_requests.max_runtime_seconds(sound(StoppingCondition={"MaxRuntimeInSeconds": 60})) == 60

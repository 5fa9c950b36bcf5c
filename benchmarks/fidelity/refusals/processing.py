"""SageMaker's processing jobs: the service model's constraints, and the rules of its documentation.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html and the pages of its members
"""

from __future__ import annotations

from typing import Any

from benchmarks.fidelity.refusals.refusal import BUCKET, REGION, ROLE, STRANGER, Refusal

INVALID = "ValidationException"
IMAGE = f"246618743249.dkr.ecr.{REGION}.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
FOLDER = "/opt/ml/processing/input/code"
SOURCE = {"S3Uri": f"s3://{BUCKET}/data/", "LocalPath": FOLDER, "S3DataType": "S3Prefix", "S3InputMode": "File"}
CLUSTER = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
APPLICATION = {"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", f"{FOLDER}/check.py"]}
JOB = {
    "ProcessingJobName": "refused",
    "AppSpecification": APPLICATION,
    "RoleArn": ROLE,
    "ProcessingInputs": [{"InputName": "code", "S3Input": SOURCE}],
    "ProcessingResources": {"ClusterConfig": CLUSTER},
}


def _job(title: str, words: str, code: str = INVALID, **changes: object) -> Refusal:
    return Refusal(f"processing job: {title}", "create_processing_job", {**JOB, **changes}, code, words)


def _input(**changes: object) -> list[dict[str, Any]]:
    return [{"InputName": "code", "S3Input": {**SOURCE, **changes}}]


def _output(folder: str) -> dict[str, Any]:
    target = {"S3Uri": f"s3://{BUCKET}/report/", "LocalPath": folder, "S3UploadMode": "EndOfJob"}
    return {"Outputs": [{"OutputName": "report", "S3Output": target}]}


REFUSALS = (
    _job(
        "name with an underscore",
        "Value 'a_b' at 'processingJobName' failed to satisfy constraint: Member must satisfy regular expression",
        ProcessingJobName="a_b",
    ),
    _job("name of 64 characters", "Member must have length less than or equal to 63", ProcessingJobName="a" * 64),
    _job("no application", "Value null at 'appSpecification' failed to satisfy constraint", AppSpecification=None),
    _job("no resources", "Value null at 'processingResources' failed", ProcessingResources=None),
    _job("11 inputs", "Member must have length less than or equal to 10", ProcessingInputs=_input() * 11),
    _job(
        "unknown instance type",
        "Member must satisfy enum value set",
        ProcessingResources={"ClusterConfig": {**CLUSTER, "InstanceType": "ml.huge"}},
    ),
    _job(
        "101 instances",
        "Member must have value less than or equal to 100",
        ProcessingResources={"ClusterConfig": {**CLUSTER, "InstanceCount": 101}},
    ),
    _job("ten days", "less than or equal to 777600", StoppingCondition={"MaxRuntimeInSeconds": 864_000}),
    _job("variable that begins with a digit", "regular expression pattern", Environment={"1ST": "x"}),
    _job("variable of 257 characters", "less than or equal to 256", Environment={"A": "x" * 257}),
    _job("101 variables", "less than or equal to 100", Environment={f"A{n}": "x" for n in range(101)}),
    _job(
        "argument of 257 characters",
        "Member must have length less than or equal to 256",
        AppSpecification={**APPLICATION, "ContainerArguments": ["x" * 257]},
    ),
    _job("folder outside /opt/ml/processing/", "", ProcessingInputs=_input(LocalPath="/tmp/code")),  # noqa: S108
    _job(
        "input without a folder",
        "",
        ProcessingInputs=[
            {"InputName": "code", "S3Input": {name: SOURCE[name] for name in SOURCE if name != "LocalPath"}}
        ],
    ),
    _job("Gzip in File mode", "", ProcessingInputs=_input(S3CompressionType="Gzip")),
    _job("input without a source", "", ProcessingInputs=[{"InputName": "code"}]),
    _job("output outside /opt/ml/processing/", "", ProcessingOutputConfig=_output("/output")),
    _job("output without a target", "", ProcessingOutputConfig={"Outputs": [{"OutputName": "report"}]}),
    _job("tag key twice", "Duplicate tag key", Tags=[{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]),
    _job("role that cannot be assumed", f"Could not assume role {STRANGER}.", RoleArn=STRANGER),
    Refusal("processing job that does not exist", "describe_processing_job", {"ProcessingJobName": "nothing"}, INVALID),
    Refusal(
        "stop of a processing job that does not exist", "stop_processing_job", {"ProcessingJobName": "nothing"}, INVALID
    ),
    Refusal(
        "processing jobs: token of another list",
        "list_processing_jobs",
        {"NextToken": "asdf"},
        INVALID,
        "Invalid pagination",
    ),
    Refusal(
        "processing jobs: unknown status",
        "list_processing_jobs",
        {"StatusEquals": "Deleting"},
        INVALID,
        "enum value set",
    ),
)

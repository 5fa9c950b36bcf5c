"""A client of processing jobs for tests: uploads a program, runs it, and reads what it leaves."""

from __future__ import annotations

from typing import Any

from tests.support.embedded_cloud.customer import BUCKET, Customer
from tests.support.waiting import until

IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
CODE = "/opt/ml/processing/input/code"
LOG_GROUP = "/aws/sagemaker/ProcessingJobs"
RESULTS = f"s3://{BUCKET}/models/results"
"""Below models/, where the role may write."""


def s3_input(name: str, uri: str, path: str, **changes: Any) -> dict[str, Any]:
    source = {"S3Uri": uri, "LocalPath": path, "S3DataType": "S3Prefix", "S3InputMode": "File"}
    return {"InputName": name, "S3Input": {**source, **changes}}


def s3_output(name: str, uri: str, path: str, mode: str = "EndOfJob") -> dict[str, Any]:
    return {"OutputName": name, "S3Output": {"S3Uri": uri, "LocalPath": path, "S3UploadMode": mode}}


def request(name: str, role: str, code: str, **changes: Any) -> dict[str, Any]:
    """The request of a job that runs the program at `code`; `changes` replace members, `arguments` are the program's.

    `inputs` are further ones, and `outputs` its outputs.
    """
    arguments = {"ContainerArguments": changes.pop("arguments")} if "arguments" in changes else {}
    inputs, outputs = changes.pop("inputs", []), changes.pop("outputs", [])
    program = f"{CODE}/{code.rpartition('/')[2]}"
    described = {
        "ProcessingJobName": name,
        "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", program], **arguments},
        "RoleArn": role,
        "ProcessingInputs": [s3_input("code", code, CODE), *inputs],
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
        },
        **({"ProcessingOutputConfig": {"Outputs": outputs}} if outputs else {}),
    }
    return {**described, **changes}


def start(customer: Customer, program: str, **changes: Any) -> str:
    """Uploads the program and starts a job that runs it; returns the job's name."""
    code = customer.put(program, f"code/{customer.name('check')}.py")
    name = str(changes.pop("ProcessingJobName", None) or customer.name("processing"))
    role = changes.pop("RoleArn", customer.role)
    customer.sagemaker.create_processing_job(**request(name, role, code, **changes))
    return name


def described(customer: Customer, name: str) -> dict[str, Any]:
    description: dict[str, Any] = customer.sagemaker.describe_processing_job(ProcessingJobName=name)
    return description


def finished(customer: Customer, name: str) -> dict[str, Any]:
    """The job's description once it has ended."""
    return until(
        lambda: described(customer, name), lambda job: job["ProcessingJobStatus"] not in ("InProgress", "Stopping")
    )


def process(customer: Customer, program: str, **changes: Any) -> dict[str, Any]:
    return finished(customer, start(customer, program, **changes))


def lines(customer: Customer, name: str) -> list[str]:
    """The lines of the job's log, which has one stream: that of its only instance."""
    (stream,) = customer.logs.describe_log_streams(logGroupName=LOG_GROUP, logStreamNamePrefix=f"{name}/")["logStreams"]
    events = customer.logs.get_log_events(logGroupName=LOG_GROUP, logStreamName=stream["logStreamName"])["events"]
    return [event["message"] for event in events]


def objects(customer: Customer, uri: str) -> dict[str, str]:
    """The objects below a URI: their keys from there on, and their texts."""
    prefix = uri.removeprefix(f"s3://{BUCKET}/")
    found = customer.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
    bodies = {each["Key"]: customer.s3.get_object(Bucket=BUCKET, Key=each["Key"])["Body"].read() for each in found}
    return {key.removeprefix(prefix): body.decode() for key, body in bodies.items()}

"""A client of SageMaker for tests: uploads data, trains, deploys, invokes and waits."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from refit.embedded_cloud.lifecycle import Cloud
from tests.support.waiting import until

BUCKET = "homes"
IMAGE = "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1"
TRUST = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
LEAST_PRIVILEGE = [
    {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{BUCKET}"},
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"},
    {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{BUCKET}/models/*"},
    {
        "Effect": "Allow",
        "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": "*",
    },
]
ROWS = "".join(f"{2 * x + 1},{x}\n" for x in range(20))


class Customer:
    """Clients for one cloud, with a bucket and a role. Names are numbered, so that tests never share a name."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self._numbers = itertools.count(1)
        self.s3 = self.client("s3")
        self.sagemaker = self.client("sagemaker")
        self.runtime = self.client("sagemaker-runtime")
        self.logs = self.client("logs")
        self.iam = self.client("iam")
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": cloud.region})
        self.role = self.new_role(LEAST_PRIVILEGE)

    @cached_property
    def without_checks(self) -> Any:
        """A client of SageMaker that sends requests which boto3 itself would reject."""
        return self.client("sagemaker", parameter_validation=False)

    def client(self, service: str, **config: Any) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.cloud.endpoint_url,
            region_name=self.cloud.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, **config),
        )

    def name(self, kind: str) -> str:
        return f"{kind}-{next(self._numbers)}"

    def new_role(self, statements: list[dict[str, Any]], trust: dict[str, Any] = TRUST) -> str:
        name = self.name("role")
        document = {"Version": "2012-10-17", "Statement": [trust]}
        role = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy)
        return str(role["Role"]["Arn"])

    def put(self, body: str | bytes, key: str | None = None) -> str:
        """Puts an object; returns its URI."""
        key = key or f"data/{self.name('day')}.csv"
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=body.encode() if isinstance(body, str) else body)
        return f"s3://{BUCKET}/{key}"

    def put_manifest(self, *entries: object) -> str:
        return self.put(json.dumps(entries), f"manifests/{self.name('manifest')}.json")

    def start_job(self, uri: str, *, kind: str = "S3Prefix", validation: str | None = None, **changes: Any) -> str:
        """CreateTrainingJob on the object or prefix `uri`; `changes` are members of the request."""
        name = str(changes.pop("TrainingJobName", None) or self.name("job"))
        channels = {"train": (uri, kind), **({"validation": (validation, "S3Prefix")} if validation else {})}
        request = {
            "TrainingJobName": name,
            "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            "RoleArn": self.role,
            "HyperParameters": {"predictor_type": "regressor", "mini_batch_size": "1"},
            "InputDataConfig": [channel(of, *source) for of, source in channels.items()],
            "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/models/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        }
        self.sagemaker.create_training_job(**{**request, **changes})
        return name

    def job(self, name: str) -> dict[str, Any]:
        description: dict[str, Any] = self.sagemaker.describe_training_job(TrainingJobName=name)
        return description

    def finished(self, name: str) -> dict[str, Any]:
        """The job's description once it has ended."""
        return until(lambda: self.job(name), lambda job: job["TrainingJobStatus"] not in ("InProgress", "Stopping"))

    def train(self, uri: str, **options: Any) -> dict[str, Any]:
        return self.finished(self.start_job(uri, **options))

    def reached(self, name: str, secondary: str) -> dict[str, Any]:
        """The job's description once it has reached a secondary status."""
        return until(lambda: self.job(name), lambda job: job["SecondaryStatus"] == secondary)

    def job_processes(self) -> set[int]:
        """The running processes of this cloud's jobs."""
        parents = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if b"refit.embedded_cloud.instance.fork_server" in (folder / "cmdline").read_bytes():
                    parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        return {pid for pid, parent in parents.items() if parents.get(parent) == self.cloud.pid}

    @cached_property
    def doubling(self) -> str:
        """The artifact of a regressor that doubles its only feature."""
        return self.artifact(2)

    @cached_property
    def tripling(self) -> str:
        return self.artifact(3)

    def artifact(self, factor: int) -> str:
        rows = "".join(f"{factor * x},{x}\n" for x in range(1, 10))
        return str(self.train(self.put(rows))["ModelArtifacts"]["S3ModelArtifacts"])

    def new_model(self, artifact: str) -> str:
        name = self.name("model")
        container = {"Image": IMAGE, "ModelDataUrl": artifact}
        self.sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=self.role)
        return name

    def new_config(self, artifact: str) -> str:
        name = self.name("config")
        variant = self.variant("AllTraffic", self.new_model(artifact))
        self.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
        return name

    def variant(self, name: str, model: str, weight: float = 1.0) -> dict[str, Any]:
        instances = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
        return {"VariantName": name, "ModelName": model, "InitialVariantWeight": weight, **instances}

    def start_endpoint(self, config: str) -> str:
        name = self.name("endpoint")
        self.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
        return name

    def new_endpoint(self, artifact: str) -> str:
        """Creates an endpoint, waits until it is in service, and returns its name."""
        name = self.start_endpoint(self.new_config(artifact))
        assert self.settled(name)["EndpointStatus"] == "InService"
        return name

    def endpoint(self, name: str) -> dict[str, Any]:
        description: dict[str, Any] = self.sagemaker.describe_endpoint(EndpointName=name)
        return description

    def settled(self, name: str) -> dict[str, Any]:
        """The endpoint's description once no change is in progress."""
        return until(lambda: self.endpoint(name), lambda found: found["EndpointStatus"] in ("InService", "Failed"))

    def update(self, endpoint: str, config: str) -> None:
        self.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=config)

    def invoke(self, endpoint: str, body: str = "1", **options: Any) -> dict[str, Any]:
        options = {"ContentType": "text/csv", **options}
        answer: dict[str, Any] = self.runtime.invoke_endpoint(EndpointName=endpoint, Body=body.encode(), **options)
        return {**answer, "Body": answer["Body"].read().decode()}

    def score(self, endpoint: str) -> float:
        """The endpoint's prediction for the feature 1, rounded."""
        return round(json.loads(self.invoke(endpoint)["Body"])["predictions"][0]["score"], 6)


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")


def channel(name: str, uri: str, kind: str) -> dict[str, Any]:
    source = {"S3DataType": kind, "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "ContentType": "text/csv", "DataSource": {"S3DataSource": source}}


def transitions(job: dict[str, Any]) -> list[str]:
    """The secondary statuses of a job, in their order."""
    return [transition["Status"] for transition in job["SecondaryStatusTransitions"]]


def refused(call: Callable[[], object]) -> tuple[str, str]:
    """The code and message of the error that the call must fail with."""
    with pytest.raises(ClientError) as refusal:
        call()
    error = refusal.value.response["Error"]
    return error["Code"], error["Message"]

"""Fakes of AWS for tests without the embedded cloud: SageMaker in memory, and scripted faults on any client.

Both replace the network behind a real boto3 client: botocore validates parameters, serialises requests and parses
errors, as on AWS.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

ARN = "arn:aws:sagemaker:us-west-2:123456789012"
NOW = datetime(2026, 11, 22, 6, 10, tzinfo=UTC)


class Raw(BytesIO):
    """The part of urllib3's response that botocore reads."""

    def stream(self, **_: Any) -> Any:
        while chunk := self.read(4096):
            yield chunk


class Refused(Exception):
    """SageMaker's error response."""

    def __init__(self, message: str, code: str = "ValidationException") -> None:
        super().__init__(message)
        self.code = code


class SageMaker:
    """The operations that the Lambdas call. Statuses do not change on their own: tests set those that they need."""

    def __init__(self) -> None:
        self.jobs: dict[str, dict[str, Any]] = {}
        self.models: dict[str, dict[str, Any]] = {}
        self.configs: dict[str, dict[str, Any]] = {}
        self.endpoints: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        if getattr(request, "struck", False):
            return None
        operation = request.headers["X-Amz-Target"].decode().removeprefix("SageMaker.")
        body = json.loads(request.body)
        self.calls.append((operation, body))
        try:
            return answer(request.url, 200, json.dumps(getattr(self, operation)(**body)))
        except Refused as refused:
            return answer(request.url, 400, json.dumps({"__type": refused.code, "message": str(refused)}))

    def called(self, operation: str) -> list[dict[str, Any]]:
        return [body for name, body in self.calls if name == operation]

    def CreateTrainingJob(self, **job: Any) -> dict[str, Any]:
        name = job["TrainingJobName"]
        if name in self.jobs:
            raise Refused(f"Training job names must be unique … already exists ({name})", "ResourceInUse")
        self.jobs[name] = {
            **job,
            "TrainingJobArn": f"{ARN}:training-job/{name}",
            "TrainingJobStatus": "InProgress",
            "SecondaryStatus": "Starting",
            "CreationTime": NOW.timestamp(),
        }
        return {"TrainingJobArn": self.jobs[name]["TrainingJobArn"]}

    def DescribeTrainingJob(self, TrainingJobName: str) -> dict[str, Any]:
        if TrainingJobName not in self.jobs:
            raise Refused("Requested resource not found.", "ResourceNotFound")
        return self.jobs[TrainingJobName]

    def ListTrainingJobs(self, NameContains: str, StatusEquals: str, CreationTimeAfter: float, **_: Any) -> Any:
        """All jobs on the second of two pages: as on AWS, a page may be empty because its jobs have another status."""
        fields = ("TrainingJobName", "TrainingJobArn", "TrainingJobStatus", "CreationTime")
        new = [job for job in self.jobs.values() if job["CreationTime"] > CreationTimeAfter]
        found = [job for job in new if NameContains in job["TrainingJobName"]]
        listed = [{field: job[field] for field in fields} for job in found if job["TrainingJobStatus"] == StatusEquals]
        return {"TrainingJobSummaries": listed} if "NextToken" in _ else {"TrainingJobSummaries": [], "NextToken": "2"}

    def StopTrainingJob(self, TrainingJobName: str) -> dict[str, Any]:
        job = self.jobs[TrainingJobName]
        if job["TrainingJobStatus"] != "InProgress":
            status = job["TrainingJobStatus"]
            raise Refused(f"The request was rejected because the training job is in status {status}.")
        job["TrainingJobStatus"] = "Stopping"
        return {}

    def CreateModel(self, **model: Any) -> dict[str, Any]:
        return {"ModelArn": self._create(self.models, model["ModelName"], "model", model)}

    def DescribeModel(self, ModelName: str) -> dict[str, Any]:
        return self._find(self.models, ModelName, "model")

    def CreateEndpointConfig(self, **config: Any) -> dict[str, Any]:
        name = config["EndpointConfigName"]
        return {"EndpointConfigArn": self._create(self.configs, name, "endpoint configuration", config)}

    def DescribeEndpointConfig(self, EndpointConfigName: str) -> dict[str, Any]:
        return self._find(self.configs, EndpointConfigName, "endpoint configuration")

    def CreateEndpoint(self, **endpoint: Any) -> dict[str, Any]:
        made = {**endpoint, "EndpointStatus": "Creating", "LastModifiedTime": NOW.timestamp()}
        return {"EndpointArn": self._create(self.endpoints, endpoint["EndpointName"], "endpoint", made)}

    def DescribeEndpoint(self, EndpointName: str) -> dict[str, Any]:
        return self._find(self.endpoints, EndpointName, "endpoint")

    def UpdateEndpoint(self, EndpointName: str, EndpointConfigName: str, **_: Any) -> dict[str, Any]:
        endpoint = self._find(self.endpoints, EndpointName, "endpoint")
        if endpoint["EndpointStatus"] not in ("InService", "OutOfService", "UpdateRollbackFailed"):
            raise Refused(f'Cannot update in-progress endpoint "{ARN}:endpoint/{EndpointName}".')
        endpoint["PendingDeploymentSummary"] = {"EndpointConfigName": EndpointConfigName}
        endpoint["EndpointStatus"] = "Updating"
        return {"EndpointArn": endpoint["Arn"]}

    def DeleteEndpoint(self, EndpointName: str) -> dict[str, Any]:
        self._find(self.endpoints, EndpointName, "endpoint")["EndpointStatus"] = "Deleting"
        return {}

    def _create(self, kept: dict[str, dict[str, Any]], name: str, kind: str, what: dict[str, Any]) -> str:
        arn = f"{ARN}:{kind.replace('uration', '').replace(' ', '-')}/{name}"
        if name in kept:
            raise Refused(f'Cannot create already existing {kind} "{arn}".')
        kept[name] = {**what, "Arn": arn}
        return arn

    def _find(self, kept: dict[str, dict[str, Any]], name: str, kind: str) -> dict[str, Any]:
        if name not in kept:
            raise Refused(f'Could not find {kind} "{ARN}:{kind.replace(" ", "-")}/{name}".')
        return kept[name]


class Fault:
    """Makes the next `times` calls of one operation fail with an AWS error or a network error."""

    def __init__(
        self,
        client: Any,
        operation: str,
        trouble: str | Exception,
        *,
        message: str = "scripted",
        status: int = 400,
        times: int = 99,
    ) -> None:
        self.trouble, self.message, self.status, self.left, self.struck = trouble, message, status, times, 0
        service = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register_first(f"before-send.{service}.{operation}", self)

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        if self.left == 0:
            return None
        self.left -= 1
        self.struck += 1
        # botocore calls every hook, even after one has responded: this keeps the request from SageMaker in memory.
        request.struck = True
        if isinstance(self.trouble, Exception):
            raise self.trouble
        xml = f"<Error><Code>{self.trouble}</Code><Message>{self.message}</Message></Error>"
        body = (
            xml
            if "X-Amz-Target" not in request.headers
            else json.dumps({"__type": self.trouble, "message": self.message})
        )
        return answer(request.url, self.status, body)


def answer(url: str, status: int, body: str | bytes, headers: dict[str, str] | None = None) -> AWSResponse:
    """An HTTP response that botocore accepts instead of the network's."""
    return AWSResponse(url, status, headers or {}, Raw(body.encode() if isinstance(body, str) else body))

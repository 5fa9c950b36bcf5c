"""What AWS services can answer to the tasks that call them directly, by the name of the state.

Each answer is a random value of the operation's output shape. Most of the time the members that decide are then set so
that a run goes on: the resource is the run's own, a job completes, an endpoint serves.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from tests.support.random_walk.failures import NO_ENDPOINT, operation
from tests.support.random_walk.shapes import TEXTS, instant, of_shape

OWN_RATE = 0.95
"""How often a member has the value that the run expects."""

JOB = {
    "Completed": 30,
    "Failed": 1,
    "Stopped": 1,
    "Deleting": 1,
    "InProgress": 4,
    "Stopping": 1,
    "AddedLater": 1,
}
ENDPOINT = {
    "InService": 20,
    "Creating": 1,
    "Updating": 2,
    "SystemUpdating": 1,
    "RollingBack": 1,
    "OutOfService": 1,
    "Failed": 3,
    "Deleting": 1,
    "UpdateRollbackFailed": 1,
    "AddedLater": 1,
}


LISTS = {"listEndpointConfigs": ("EndpointConfigs", "EndpointConfigName"), "listModels": ("Models", "ModelName")}
"""Lists: their member, and the name of an item."""


class Answers:
    """Answers the direct calls of one execution.

    `requests` are the arguments of the last call of each operation, also of a failed one: SageMaker may have done it.
    """

    def __init__(self, run: Callable[[], Mapping[str, Any]], now: Callable[[], datetime], arn: str) -> None:
        self._run, self._now, self._arn = run, now, arn
        self.requests: dict[str, Mapping[str, Any]] = {}
        self._ended = ""
        self._stored: dict[str, str] = {}

    def answer(self, service: str, action: str, asked: Mapping[str, Any], rng: random.Random) -> Any:
        """The response of `action` as Step Functions gives it."""
        response = of_shape(operation(service, action).output_shape, rng, rng.choice((0.1, 0.5, 0.9)))
        return self._expected(action, response, asked, rng)

    def event(self, rng: random.Random) -> dict[str, Any]:
        """The event of a job that ended, which `.sync` returns: epoch milliseconds, no metrics."""
        job = self.answer("sagemaker", "describeTrainingJob", {}, rng)
        job = {name: value for name, value in job.items() if name not in ("FinalMetricDataList", "Tags")}
        return job | {"CreationTime": 1_767_225_600_000, "Tags": {"MANAGED_BY_AWS": "STARTED_BY_STEP_FUNCTIONS"}}

    def _expected(self, action: str, response: Any, asked: Mapping[str, Any], rng: random.Random) -> Any:
        run = self._run()
        if action == "getObject":
            lease = {"execution_arn": self._arn} if _likely(rng) else rng.choice(({}, [], {"execution_arn": "arn:x"}))
            body = json.dumps(lease) if _likely(rng) else rng.choice(TEXTS)
            return response | {"Body": body, "ETag": '"0a1b"'}
        if action == "putParameter":
            self._stored[asked["Name"]] = asked["Value"]
        if action == "getParameters":
            return self._parameters(asked["Names"], run.get("watermark") or "never", rng)
        if action in LISTS:
            return self._list(*LISTS[action], response, rng)
        if action == "getParameter":
            return {"Parameter": {"Value": rng.choice(("xoxb-1-2-a", *TEXTS))}}
        if action == "describeTrainingJob":
            return response | self._job(run, rng)
        if action == "describeEndpoint":
            return response | self._endpoint(run, rng)
        if action == "describeModel" and "createModel" in self.requests and _likely(rng):
            response |= self.requests["createModel"]
        if action == "describeEndpointConfig" and "createEndpointConfig" in self.requests and _likely(rng):
            response |= self.requests["createEndpointConfig"]
        return response

    def _parameters(self, names: list[str], first: str, rng: random.Random) -> dict[str, Any]:
        """What the run has stored, else `first`; others may have changed or deleted it."""
        odd = ("never", "2020-01-01", "2100-01-01", "soon", "")
        values = {name: self._stored.get(name, first) if _likely(rng) else rng.choice(odd) for name in names}
        found = [{"Name": name, "Value": value} for name, value in values.items()]
        return {"Parameters": found if _likely(rng) else [], "InvalidParameters": []}

    def _list(self, members: str, name: str, response: dict[str, Any], rng: random.Random) -> dict[str, Any]:
        """Mostly the resources of runs, on one page."""
        run = self._run()
        others = (f"{run.get('pipeline')}-202512{day:02}-ffffffff" for day in range(1, 9))
        names = [str(run.get("name")), *others, "other"]
        for item in response.get(members, []):
            item[name] = rng.choice(names)
        return {member: value for member, value in response.items() if member != "NextToken" or rng.random() < 0.1}

    def _endpoint(self, run: Mapping[str, Any], rng: random.Random) -> dict[str, Any]:
        """The endpoint before the run changed it, or after; a pipeline's first endpoint more often has failed."""
        changed = not {"createEndpoint", "updateEndpoint"}.isdisjoint(self.requests)
        first = run.get("watermark") is None and not changed
        statuses = ENDPOINT | ({"Failed": 20} if first else {})
        configs = run.get("name"), f"{run.get('pipeline')}-20251201-ffffffff", "other"
        if first and rng.random() < 0.2:
            raise StatesError("SageMaker.SageMakerException", f"{NO_ENDPOINT} (Service: SageMaker, Status Code: 400)")
        members: dict[str, Any] = {"EndpointStatus": _weighted(statuses, rng), "LastModifiedTime": self._recently(rng)}
        if _likely(rng):
            members["EndpointConfigName"] = rng.choices(configs, (12, 2, 1) if changed else (1, 6, 1))[0]
        if rng.random() < 0.3:
            members["PendingDeploymentSummary"] = {"EndpointConfigName": rng.choice(configs)}
        return members

    def _job(self, run: Mapping[str, Any], rng: random.Random) -> dict[str, Any]:
        members: dict[str, Any] = {
            "TrainingJobName": run.get("name"),
            "TrainingJobStatus": _weighted(JOB, rng),
            "ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/model.tar.gz"},
        }
        if "createTrainingJob" in self.requests and _likely(rng):
            members |= self.requests["createTrainingJob"]
        if _likely(rng):
            source = {"S3DataSource": {"S3DataType": "ManifestFile", "S3Uri": run.get("manifest")}}
            members.setdefault("InputDataConfig", [{"ChannelName": "train", "DataSource": source}])
        if rng.random() < 0.3:
            self._ended = self._ended or self._recently(rng)
            members["TrainingEndTime"] = self._ended
        if rng.random() < 0.3:
            members["FinalMetricDataList"] = [{"MetricName": "validation:mse", "Value": 1.5}]
        return members

    def _recently(self, rng: random.Random) -> str:
        return instant(self._now() + timedelta(seconds=rng.choice((-86_400, -90, -30, -1, 0, 1, 30))))


def _likely(rng: random.Random) -> bool:
    return rng.random() < OWN_RATE


def _weighted(weights: Mapping[str, int], rng: random.Random) -> str:
    return rng.choices(tuple(weights), tuple(weights.values()))[0]

"""Fakes the SageMaker runtime in memory: a model that predicts rows of CSV, behind the handlers' own boto3 client."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from lambdas.aws import clients
from tests.support.lambdas.fakes import answer

Model = Callable[[list[float]], Any]


def regression(row: list[float]) -> dict[str, float]:
    """Predicts a row's first feature."""
    return {"score": row[0]}


def linear_learner(predictions: list[Any]) -> str:
    return json.dumps({"predictions": predictions})


class Runtime:
    """Responds to InvokeEndpoint with the predictions of `model`, written by `write` as Linear Learner writes them."""

    def __init__(self, model: Model = regression) -> None:
        self.model = model
        self.write = linear_learner
        self.asked: list[tuple[str, str]] = []
        clients.sagemaker_runtime.cache_clear()
        clients.sagemaker_runtime().meta.events.register("before-send.sagemaker-runtime.InvokeEndpoint", self)

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        if getattr(request, "struck", False):
            return None
        assert (request.headers["Content-Type"], request.headers["Accept"]) == (b"text/csv", b"application/json")
        body = request.body.decode() if isinstance(request.body, bytes) else request.body.read().decode()
        self.asked.append((unquote(request.url.split("/")[-2]), body))
        # A line feed at the end would be another row for some of AWS's containers.
        rows = [[float(field) for field in line.split(",")] for line in body.split("\n")]
        said = self.write([self.model(row) for row in rows])
        return answer(request.url, 200, said, {"content-type": "application/json"})

    @property
    def rows(self) -> list[str]:
        """Every row that was sent, in order."""
        return [line for _, body in self.asked for line in body.splitlines()]


class Refusal:
    """Makes the next `times` calls fail as the runtime does: the error's name in a header, its members in JSON."""

    def __init__(self, status: int, name: str, message: str = "scripted", times: int = 99, **members: Any) -> None:
        self.status, self.name, self.left, self.struck = status, name, times, 0
        self.body = json.dumps({"Message": message, **members})
        clients.sagemaker_runtime().meta.events.register_first("before-send.sagemaker-runtime.InvokeEndpoint", self)

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        if self.left == 0:
            return None
        self.left -= 1
        self.struck += 1
        request.struck = True
        return answer(request.url, self.status, self.body, {"x-amzn-errortype": self.name})

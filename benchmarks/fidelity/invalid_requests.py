"""Requests that AWS refuses, and the embedded cloud must refuse with the same error code and words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from benchmarks.fidelity import world
from benchmarks.fidelity.refusals import permissions, processing, sagemaker, step_functions, storage
from benchmarks.fidelity.refusals.refusal import Refusal
from benchmarks.fidelity.suite import Case, compared

NAME = "invalid_requests"
REFUSALS = {
    "sagemaker": (*sagemaker.REFUSALS, *processing.REFUSALS),
    "sagemaker-runtime": sagemaker.RUNTIME_REFUSALS,
    "stepfunctions": step_functions.REFUSALS,
    "s3": storage.S3,
    "ssm": storage.SSM,
    "iam": permissions.IAM,
    "lambda": permissions.LAMBDA,
}


def run() -> Iterator[Case]:
    with world.embedded_cloud(REFIT_LOCAL_SECONDS_PER_STATUS="60") as cloud:
        world.fill(cloud)
        for service, refusals in REFUSALS.items():
            client = world.client(cloud, service)
            for refusal in refusals:
                yield compared(f"{service}: {refusal.title}", lambda: _difference(client, refusal))  # noqa: B023


def _difference(client: Any, refusal: Refusal) -> str | None:
    request = {name: value for name, value in refusal.request.items() if value is not None}
    try:
        getattr(client, refusal.operation)(**request)
    except ClientError as error:
        found = error.response["Error"]
        if found["Code"] == refusal.code and refusal.words in found["Message"]:
            return None
        return f"AWS answers {refusal.code}: {refusal.words}; found {found['Code']}: {found['Message']}"
    return f"AWS answers {refusal.code}: {refusal.words}; the request was accepted"

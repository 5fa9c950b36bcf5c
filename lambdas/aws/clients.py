"""Creates the boto3 clients of the handlers, each once per process and only when it is needed.

Retry mode standard, three attempts with bounded waits: a call that gets no response ends after about 36 s
(3 x (3 + 8) s and two waits). That is within the functions' timeout of 60 s, so that the state ends with a typed error
and not with a timeout.
https://boto3.amazonaws.com/v1/documentation/api/latest/guide/retries.html
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_stepfunctions import SFNClient

CONFIG = Config(connect_timeout=3, read_timeout=8, retries={"mode": "standard", "total_max_attempts": 3})
INFERENCE_CONFIG = Config(connect_timeout=2, read_timeout=12, retries={"mode": "standard", "total_max_attempts": 2})
"""For models, which may be slow: a call that gets no response ends after 2 x (2 + 12) s and a wait of 1 s."""


@cache
def s3() -> S3Client:
    return boto3.client("s3", config=CONFIG)


@cache
def ssm() -> SSMClient:
    return boto3.client("ssm", config=CONFIG)


@cache
def sagemaker() -> SageMakerClient:
    return boto3.client("sagemaker", config=CONFIG)


@cache
def sagemaker_runtime() -> SageMakerRuntimeClient:
    return boto3.client("sagemaker-runtime", config=INFERENCE_CONFIG)


@cache
def stepfunctions() -> SFNClient:
    return boto3.client("stepfunctions", config=CONFIG)


@cache
def scheduler() -> EventBridgeSchedulerClient:
    return boto3.client("scheduler", config=CONFIG)


@cache
def secretsmanager() -> Any:
    return boto3.client("secretsmanager", config=CONFIG)

"""Creates the driver's boto3 clients. No other module of the driver imports boto3.

A failed call raises an AwsError that names the operation, and NotFound if the resource does not exist.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as NotConnected

from refit.errors import AwsError, AwsUnreachable, NotFound

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_sts import STSClient

SIGN_IN = "aws sso login, or export AWS_PROFILE=<profile>, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
REFRESH = "these credentials have expired: aws sso login, or get new ones"
NO_CREDENTIALS = (
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)

ATTEMPTS = 5
"""The maximum number of attempts for a call."""

NOT_FOUND = frozenset(
    {
        "404",
        "ExecutionDoesNotExist",
        "NoSuchBucket",
        "NoSuchKey",
        "ParameterNotFound",
        "ResourceNotFound",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
        # The task has already been answered, or has timed out.
        "TaskDoesNotExist",
        "TaskTimedOut",
    }
)


class Aws:
    """Clients for one region, created on first use. Uses the standard AWS variables by default."""

    def __init__(
        self,
        region: str | None = None,
        endpoint_url: str | None = None,
        credentials: tuple[str, str] | None = None,
        *,
        attempts: int = ATTEMPTS,
    ) -> None:
        key, secret = credentials or (None, None)
        # Terraform and the AWS CLI read AWS_REGION; boto3 alone reads only AWS_DEFAULT_REGION.
        region = region or os.environ.get("AWS_REGION") or None
        with calling("read your AWS configuration"):  # AWS_PROFILE may name a profile that does not exist
            self._session = boto3.Session(region_name=region, aws_access_key_id=key, aws_secret_access_key=secret)
        self._endpoint_url = endpoint_url
        self._config = Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            s3={"addressing_style": "path"} if endpoint_url else {},
        )

    @property
    def endpoint_url(self) -> str | None:
        """The address of the embedded cloud; None for AWS."""
        return self._endpoint_url

    @property
    def is_embedded(self) -> bool:
        """Whether these are clients of the embedded cloud, which have an endpoint."""
        return self._endpoint_url is not None

    @property
    def region(self) -> str:
        """The region of the clients. Raises AwsError if none is set."""
        if not self._session.region_name:
            raise AwsError(
                "no AWS region is set", 'write region = "us-west-2" in the pipeline file, or export AWS_REGION'
            )
        return self._session.region_name

    @cached_property
    def s3(self) -> S3Client:
        return self._session.client("s3", self.region, endpoint_url=self._endpoint_url, config=self._config)

    @cached_property
    def ssm(self) -> SSMClient:
        return self._session.client("ssm", self.region, endpoint_url=self._endpoint_url, config=self._config)

    @cached_property
    def stepfunctions(self) -> SFNClient:
        return self._session.client("stepfunctions", self.region, endpoint_url=self._endpoint_url, config=self._config)

    @cached_property
    def sagemaker(self) -> SageMakerClient:
        return self._session.client("sagemaker", self.region, endpoint_url=self._endpoint_url, config=self._config)

    @cached_property
    def sagemaker_runtime(self) -> SageMakerRuntimeClient:
        return self._session.client(
            "sagemaker-runtime", self.region, endpoint_url=self._endpoint_url, config=self._config
        )

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        return self._session.client("logs", self.region, endpoint_url=self._endpoint_url, config=self._config)

    @cached_property
    def sts(self) -> STSClient:
        return self._session.client("sts", self.region, endpoint_url=self._endpoint_url, config=self._config)

    def client(self, service: str) -> Any:
        """A client of another service, such as `iam`, by boto3's name."""
        return self._session.client(service, self.region, endpoint_url=self._endpoint_url, config=self._config)  # type: ignore[call-overload]

    def account_id(self) -> str:
        """The account of the current credentials. Raises AwsError if AWS does not accept them.

        The answer is the same in every region; if no region is set, us-east-1 is called.
        """
        region = self._session.region_name or "us-east-1"
        with calling("verify your AWS credentials"):
            client = self._session.client("sts", region, endpoint_url=self._endpoint_url, config=self._config)
            return client.get_caller_identity()["Account"]


@contextmanager
def calling(what: str) -> Iterator[None]:
    """Converts boto3's exceptions to AwsError or NotFound; `what` completes the sentence "could not …"."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        message = error.response.get("Error", {}).get("Message", "")
        missing = code in NOT_FOUND or _sagemaker_not_found(code, message)
        hint = REFRESH if "Expired" in code else None
        raise (NotFound if missing else AwsError)(f"could not {what}: {code}: {message}", hint) from error
    except (NotConnected, HTTPClientError) as error:
        raise AwsUnreachable(f"could not {what}: {error}") from error
    except BotoCoreError as error:
        hint = SIGN_IN if isinstance(error, NO_CREDENTIALS) else None
        raise AwsError(f"could not {what}: {error}", hint) from error


def _sagemaker_not_found(code: str, message: str) -> bool:
    """Whether SageMaker reports a missing resource, which it does with a message but without its own error code.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html,
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
    """
    if code == "ValidationException":
        return message.startswith(("Could not find", "Requested resource not found"))
    return code == "ValidationError" and message.startswith("Endpoint ") and "not found" in message

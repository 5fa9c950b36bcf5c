"""Creates the driver's boto3 clients. No other module of the driver imports boto3.

A failed call raises an AwsError that names the operation: NotFound if the resource does not exist, AccessDenied if the
credentials lack a permission.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, NoCredentialsError
from botocore.exceptions import ConnectionError as NotConnected

from refit.aws import shell
from refit.aws.advice import CORRECT_FILES, REFRESH, SET_REGION, next_command
from refit.errors import AccessDenied, AwsError, AwsUnreachable, NotFound
from refit.loopback import leads_here

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_sts import STSClient

ENDPOINT = "AWS_ENDPOINT_URL"
"""The endpoint of all services; with a suffix such as _S3, the endpoint of one service.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
"""

ATTEMPTS = 5
"""The maximum number of attempts for a call."""

DENIED = frozenset({"AccessDenied", "AccessDeniedException"})

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
    """Clients for one region, created on first use.

    Uses the AWS settings of the shell (refit.aws.shell) by default. With `credentials`, which the embedded cloud has,
    none of these settings matter. Proxies are never used for 127.0.0.1. Raises AwsError for invalid settings.
    """

    def __init__(
        self,
        region: str | None = None,
        endpoint_url: str | None = None,
        credentials: tuple[str, str] | None = None,
        *,
        attempts: int = ATTEMPTS,
    ) -> None:
        key, secret = credentials or (None, None)
        with configuring():
            session = shell.isolated_session() if credentials else shell.session()
            self._session = boto3.Session(
                aws_access_key_id=key, aws_secret_access_key=secret, region_name=region, botocore_session=session
            )
            self._region = self._session.region_name
        self._endpoint_url = endpoint_url
        self._config = Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            s3={"addressing_style": "path"} if endpoint_url else {},
            proxies={} if leads_here(endpoint_url or os.environ.get(ENDPOINT, "")) else None,
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
        if not self._region:
            raise AwsError("no AWS region is set", SET_REGION)
        return self._region

    @cached_property
    def s3(self) -> S3Client:
        client: S3Client = self.client("s3")
        return client

    @cached_property
    def ssm(self) -> SSMClient:
        client: SSMClient = self.client("ssm")
        return client

    @cached_property
    def stepfunctions(self) -> SFNClient:
        client: SFNClient = self.client("stepfunctions")
        return client

    @cached_property
    def sagemaker(self) -> SageMakerClient:
        client: SageMakerClient = self.client("sagemaker")
        return client

    @cached_property
    def sagemaker_runtime(self) -> SageMakerRuntimeClient:
        client: SageMakerRuntimeClient = self.client("sagemaker-runtime")
        return client

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        client: CloudWatchLogsClient = self.client("logs")
        return client

    @cached_property
    def sts(self) -> STSClient:
        client: STSClient = self.client("sts")
        return client

    def client(self, service: str) -> Any:
        """A client of a service, such as `iam`, by boto3's name. Raises AwsError if there is no region."""
        return self._create(service, self.region)

    def account_id(self) -> str:
        """The account of the current credentials. Raises AwsError if AWS does not accept them.

        The answer is the same in every region; if no region is set, us-east-1 is called.
        """
        with calling("verify your AWS credentials"):
            account: str = self._create("sts", self._region or "us-east-1").get_caller_identity()["Account"]
        return account

    def require_credentials(self) -> None:
        """Raises AwsError if there are no credentials, or if they cannot be obtained. Does not verify them."""
        with configuring():
            credentials = self._session.get_credentials()
            if credentials is None:
                raise NoCredentialsError
            credentials.get_frozen_credentials()

    def _create(self, service: str, region: str) -> Any:
        with configuring():
            return self._session.client(  # type: ignore[call-overload]
                service, region, endpoint_url=self._endpoint_url, config=self._config
            )


def configured_region() -> str | None:
    """The region in the AWS settings of the shell; None if there is none. Raises AwsError for invalid settings."""
    with configuring():
        region: str | None = shell.session().get_config_variable("region")
    return region


@contextmanager
def configuring() -> Iterator[None]:
    """Like `calling`, while boto3 reads the AWS settings of the shell and obtains credentials.

    boto3 reports a missing or broken program of credential_process with an OSError or a ValueError.
    """
    try:
        with calling("use your AWS settings"):
            yield
    except (OSError, ValueError) as error:
        raise AwsError(f"could not use your AWS settings: {error}", CORRECT_FILES) from error


@contextmanager
def calling(what: str) -> Iterator[None]:
    """Converts boto3's exceptions to AwsError or a subclass of it; `what` completes the sentence "could not …"."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        message = error.response.get("Error", {}).get("Message", "")
        missing = code in NOT_FOUND or _sagemaker_not_found(code, message)
        hint = REFRESH if "Expired" in code else None
        kind = NotFound if missing else AccessDenied if code in DENIED else AwsError
        raise kind(f"could not {what}: {code}: {message}", hint) from error
    except (NotConnected, HTTPClientError) as error:
        raise AwsUnreachable(f"could not {what}: {error}") from error
    except BotoCoreError as error:
        raise AwsError(f"could not {what}: {error}", next_command(error)) from error


def _sagemaker_not_found(code: str, message: str) -> bool:
    """Whether SageMaker reports a missing resource, which it does with a message but without its own error code.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html,
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
    """
    if code == "ValidationException":
        return message.startswith(("Could not find", "Requested resource not found"))
    return code == "ValidationError" and message.startswith("Endpoint ") and "not found" in message

"""What SageMaker means by a ValidationException: it has no error codes of its own for these. Pure.

The messages are those of the service, as its users have reported them (for example aws/sagemaker-python-sdk#101,
awslabs/spot-tagging-bot-for-digital-assets#2, hashicorp/terraform-provider-aws#40048).
"""

from __future__ import annotations

import re

from botocore.exceptions import ClientError

from lambdas.aws.errors import code, message
from refit.domain import sagemaker_errors


def already_exists(error: ClientError) -> bool:
    """A create of a model, endpoint config or endpoint met one of that name."""
    return _says(error, sagemaker_errors.ALREADY_EXISTS)


def in_progress(error: ClientError) -> bool:
    """An endpoint was being changed when it was asked to change."""
    return _says(error, sagemaker_errors.CHANGE_IN_PROGRESS)


def job_has_ended(error: ClientError) -> bool:
    """StopTrainingJob met a job that does not run any more (awslabs/benchmark-ai#928)."""
    return _says(error, sagemaker_errors.JOB_HAS_ENDED)


def quota_in_use(error: ClientError) -> bool:
    """Instances were refused, and once others have given some back they may not be.

    Not so when more are asked for than the quota has at all, as in a new account, where many are 0. The message is that
    of amazon-sagemaker-examples#307 and #1543; one that says nothing of numbers leaves hope.
    """
    if code(error) != "ResourceLimitExceeded":
        return False
    counts = sagemaker_errors.QUOTA_COUNTS.search(message(error))
    return counts is None or int(counts[2]) <= int(counts[1])


def endpoint_missing(error: ClientError) -> bool:
    """DescribeEndpoint found no endpoint of that name."""
    return _says(error, sagemaker_errors.ENDPOINT_NOT_FOUND)


def endpoint_config_missing(error: ClientError) -> bool:
    """DescribeEndpointConfig found no config of that name: an endpoint serves on without it."""
    return _says(error, sagemaker_errors.ENDPOINT_CONFIG_NOT_FOUND)


def model_missing(error: ClientError) -> bool:
    """DescribeModel found no model of that name."""
    return _says(error, sagemaker_errors.MODEL_NOT_FOUND)


def not_visible_yet(error: ClientError, name: str) -> bool:
    """A model or an endpoint config called `name` was not found; who has just made it knows better.

    SageMaker looks them up with eventually consistent reads:
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
    """
    missing = rf'Could not find (model|endpoint configuration) "([^"]*/)?{re.escape(name)}"'
    return code(error) == "ValidationException" and re.match(missing, message(error)) is not None


def _says(error: ClientError, start: str) -> bool:
    return code(error) == "ValidationException" and message(error).startswith(start)

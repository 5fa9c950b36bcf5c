"""Recognizes SageMaker's errors by their messages, because many share the code ValidationException. Pure.

The messages are those of the service, as users have reported them (for example aws/sagemaker-python-sdk#101,
awslabs/spot-tagging-bot-for-digital-assets#2, hashicorp/terraform-provider-aws#40048).
"""

from __future__ import annotations

import re

from botocore.exceptions import ClientError

from lambdas.aws.errors import code, message
from refit.domain import sagemaker_errors


def already_exists(error: ClientError) -> bool:
    """A model, endpoint config or endpoint of that name exists already."""
    return _starts_with(error, sagemaker_errors.ALREADY_EXISTS)


def in_progress(error: ClientError) -> bool:
    """The endpoint cannot be updated because another change is in progress."""
    return _starts_with(error, sagemaker_errors.CHANGE_IN_PROGRESS)


def job_has_ended(error: ClientError) -> bool:
    """The training job cannot be stopped because it has ended (awslabs/benchmark-ai#928)."""
    return _starts_with(error, sagemaker_errors.JOB_HAS_ENDED)


def quota_in_use(error: ClientError) -> bool:
    """The quota is in use, but a later attempt may succeed once others have released instances.

    False if the request exceeds the quota itself, as in a new account, where many quotas are 0. The message is that of
    amazon-sagemaker-examples#307 and #1543; a message without numbers is treated as retryable.
    """
    if code(error) != "ResourceLimitExceeded":
        return False
    counts = sagemaker_errors.QUOTA_COUNTS.search(message(error))
    return counts is None or int(counts[2]) <= int(counts[1])


def endpoint_missing(error: ClientError) -> bool:
    """The endpoint does not exist."""
    return _starts_with(error, sagemaker_errors.ENDPOINT_NOT_FOUND)


def endpoint_config_missing(error: ClientError) -> bool:
    """The endpoint config does not exist. An endpoint on a deleted config serves on."""
    return _starts_with(error, sagemaker_errors.ENDPOINT_CONFIG_NOT_FOUND)


def model_missing(error: ClientError) -> bool:
    """The model does not exist."""
    return _starts_with(error, sagemaker_errors.MODEL_NOT_FOUND)


def not_visible_yet(error: ClientError, name: str) -> bool:
    """SageMaker does not find the model or endpoint config `name` that we created a moment ago.

    Its reads are eventually consistent:
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
    """
    missing = rf'Could not find (model|endpoint configuration) "([^"]*/)?{re.escape(name)}"'
    return code(error) == "ValidationException" and re.match(missing, message(error)) is not None


def _starts_with(error: ClientError, start: str) -> bool:
    return code(error) == "ValidationException" and message(error).startswith(start)

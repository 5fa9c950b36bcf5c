"""Errors of the SageMaker API, with AWS's own messages.

The messages are those that the service is known to return: aws/amazon-sagemaker-operator-for-k8s matches on them
(controllers/clientwrapper), as do other clients. Where AWS's wording is not known, the message is ours.
"""

from __future__ import annotations

from refit.embedded_cloud.aws_json.errors import ApiError as ApiError


def invalid(message: str) -> ApiError:
    """A ValidationException, which SageMaker returns for almost every error, including a missing resource."""
    return ApiError("ValidationException", message)


def missing(what: str, arn: str) -> ApiError:
    """The error for a model, endpoint configuration or endpoint that does not exist."""
    return invalid(f'Could not find {what} "{arn}".')


def exists(what: str, arn: str) -> ApiError:
    """The error for a name that is already in use."""
    return invalid(f'Cannot create already existing {what} "{arn}".')


def throttled() -> ApiError:
    """The error for a throttled call."""
    return ApiError("ThrottlingException", "Rate exceeded")

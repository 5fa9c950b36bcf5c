"""The errors of the SageMaker API, in its own words.

The messages are those that the service is known to give: aws/amazon-sagemaker-operator-for-k8s matches on them
(controllers/clientwrapper), and so do many others; where no wording is known, ours says so plainly.
"""

from __future__ import annotations


class ApiError(Exception):
    """An error that the client sees: the exception's name in the service model, and its message."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


def invalid(message: str) -> ApiError:
    """A ValidationException: SageMaker's answer to almost everything, a missing resource included."""
    return ApiError("ValidationException", message)


def missing(what: str, arn: str) -> ApiError:
    """No such model, endpoint configuration or endpoint."""
    return invalid(f'Could not find {what} "{arn}".')


def exists(what: str, arn: str) -> ApiError:
    """A name that is taken."""
    return invalid(f'Cannot create already existing {what} "{arn}".')


def throttled() -> ApiError:
    return ApiError("ThrottlingException", "Rate exceeded")

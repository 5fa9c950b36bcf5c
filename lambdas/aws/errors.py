"""Which of AWS's errors are transient, and the code and message of one."""

from __future__ import annotations

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError, IncompleteReadError

# What AWS answers for load or a passing fault with a status below 500, and SSM's TooManyUpdates, which no SDK retries.
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
TRANSIENT = frozenset(
    {
        "BandwidthLimitExceeded",
        "PriorRequestNotComplete",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TooManyUpdates",
    }
)


NETWORK = (ConnectionError, HTTPClientError, IncompleteReadError)


def is_transient(error: Exception) -> bool:
    """Whether load, a fault on AWS's side or the network is to blame; AccessDenied and "not found" never are."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return code(error) in TRANSIENT or status >= 500 or status == 429
    return isinstance(error, NETWORK)


def code(error: ClientError) -> str:
    """AWS's error code, "" when it sent none."""
    return error.response.get("Error", {}).get("Code", "")


def message(error: ClientError) -> str:
    """AWS's error message, "" when it sent none."""
    return error.response.get("Error", {}).get("Message", "")

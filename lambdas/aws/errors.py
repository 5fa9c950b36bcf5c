"""Classifies AWS errors as transient or not, and extracts their codes and messages."""

from __future__ import annotations

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError, IncompleteReadError

# Codes for load and transient faults with an HTTP status below 500, and SSM's TooManyUpdates, which no SDK retries.
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
    """Whether the cause is load, a fault on AWS's side or the network, so that a retry may succeed."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return code(error) in TRANSIENT or status >= 500 or status == 429
    return isinstance(error, NETWORK)


def code(error: ClientError) -> str:
    """AWS's error code, "" if there is none."""
    return error.response.get("Error", {}).get("Code", "")


def message(error: ClientError) -> str:
    """AWS's error message, "" if there is none."""
    return error.response.get("Error", {}).get("Message", "")

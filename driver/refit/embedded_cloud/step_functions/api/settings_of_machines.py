"""The settings of a state machine beside its definition and role: logging, tracing and encryption.

They are stored and described; no log events are written. The refusals are recorded in
test_sfn_api_logs.snapshot.json of localstack/localstack.
"""

from __future__ import annotations

from typing import Any

from ministack.services import cloudwatch_logs

from refit.embedded_cloud.aws_json.errors import ApiError

Json = dict[str, Any]


def logging(given: Json | None) -> Json:
    """loggingConfiguration as AWS describes it, with its defaults. Raises ApiError InvalidLoggingConfiguration."""
    configuration = {"includeExecutionData": False, "level": "OFF", **(given or {})}
    destinations = configuration.get("destinations") or []
    if len(destinations) > 1 or (is_logged(configuration) and not destinations):
        raise _invalid_logging("Must specify exactly one Log Destination.")
    for destination in destinations if is_logged(configuration) else ():
        _check_destination(destination)
    return configuration


def is_logged(configuration: Json) -> bool:
    """Whether executions are logged."""
    return bool(configuration["level"] != "OFF")


def tracing(given: Json | None) -> Json:
    """tracingConfiguration as AWS describes it; by default disabled."""
    return {"enabled": False, **(given or {})}


def encryption(given: Json | None) -> Json:
    """encryptionConfiguration as AWS describes it. Raises ApiError: customer keys exist on AWS only."""
    configuration = {"type": "AWS_OWNED_KEY", **(given or {})}
    if configuration["type"] != "AWS_OWNED_KEY" or configuration.get("kmsKeyId"):
        message = "Invalid Encryption Configuration: the embedded cloud encrypts with AWS_OWNED_KEY only"
        raise ApiError("InvalidEncryptionConfiguration", message)
    return configuration


def _check_destination(destination: Json) -> None:
    """The log group must exist; its ARN ends with ":*".

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_CloudWatchLogsLogGroup.html
    """
    arn = (destination.get("cloudWatchLogsLogGroup") or {}).get("logGroupArn", "")
    parts = arn.split(":")
    if len(parts) < 8 or parts[2] != "logs" or parts[-1] != "*":
        raise _invalid_logging("Log Destination is not a valid Log Group ARN.")
    if cloudwatch_logs._log_groups.get(parts[6]) is None:
        raise _invalid_logging("Log Destination not found.")


def _invalid_logging(problem: str) -> ApiError:
    return ApiError("InvalidLoggingConfiguration", f"Invalid Logging Configuration: {problem}")

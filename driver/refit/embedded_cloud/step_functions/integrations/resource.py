"""The Resource of a Task state, taken apart.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
"""

from __future__ import annotations

from dataclasses import dataclass

SDK = "aws-sdk"
WAIT_FOR_TASK_TOKEN = "waitForTaskToken"  # noqa: S105 - a pattern's name


@dataclass(frozen=True)
class Resource:
    """`service` ("sagemaker"), `action` ("createModel") and `pattern` ("", "sync", "sync:2", "waitForTaskToken").

    `is_sdk` tells an AWS SDK integration. A Lambda function's ARN is the service "lambda" without an action.
    """

    service: str
    action: str
    pattern: str = ""
    is_sdk: bool = False

    @property
    def operation(self) -> str:
        """The operation's name in the API: "CreateModel"."""
        return self.action[:1].upper() + self.action[1:]


def parse(arn: str) -> Resource:
    """Takes the ARN of a Resource apart; one that is neither a function's nor an integration's has no action."""
    parts = arn.split(":")
    if parts[2:3] != ["states"] or len(parts) < 7:
        return Resource(parts[2] if len(parts) > 2 else arn, "")
    is_sdk = parts[5] == SDK and len(parts) > 7
    service, rest = (parts[6], parts[7:]) if is_sdk else (parts[5], parts[6:])
    # The pattern .sync:2 has a colon of its own.
    action, _, pattern = ":".join(rest).partition(".")
    return Resource(service, action, pattern, is_sdk)

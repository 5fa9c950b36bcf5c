"""The watermark: the SSM parameter with the newest day that a deployed model was trained on."""

from __future__ import annotations

from botocore.exceptions import ClientError

from lambdas import clients
from lambdas.boundary import code
from lambdas.contract import NEVER, InvalidParameter
from lambdas.window import parse_day


def read(parameter: str) -> str | None:
    """The watermark as YYYY-MM-DD, None before the first deployment.

    Raises InvalidParameter when the parameter does not exist (Terraform makes it) or holds anything else.
    """
    try:
        value = clients.ssm().get_parameter(Name=parameter)["Parameter"]["Value"]
    except ClientError as error:
        if code(error) == "ParameterNotFound":
            raise InvalidParameter(f"{parameter} does not exist; apply the pipeline's Terraform stack") from error
        raise
    if value == NEVER:
        return None
    try:
        return parse_day(value).isoformat()
    except ValueError as error:
        raise InvalidParameter(f'{parameter}: {error}; or write "{NEVER}" to start over') from error


def write(parameter: str, day: str) -> None:
    """Overwrites the watermark; Terraform ignores its value."""
    clients.ssm().put_parameter(Name=parameter, Value=day, Overwrite=True)

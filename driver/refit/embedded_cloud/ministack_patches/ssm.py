"""SSM: requests are validated as AWS validates them, and parameters that AWS does not store are rejected."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import ssm

from refit.embedded_cloud.aws_json import validation
from refit.embedded_cloud.aws_json.errors import ApiError
from refit.embedded_cloud.ministack_patches.patching import lookup, patch

# https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm
MAX_CHARACTERS = {"Standard": 4096, "Advanced": 8192}
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
MAX_LEVELS = 15
NAME = re.compile(r"[A-Za-z0-9_./-]+")
# AWS's words: aws/aws-sdk-php#1952, boto/boto3#1499.
MALFORMED_NAME = (
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of '
    "sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 "
    "symbols .-_"
)
UPGRADE = (
    " To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more "
    "information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/"
    "parameter-store-advanced-parameters.html"
)

lookup("ministack.services.ssm", "_parameters")


@patch("services.ssm", "handle_request")
async def validate(handle: Any, method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
    """Rejects what violates the service model: types, lengths, ranges and enums. ministack checks none of them.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html
    """
    operation = headers.get("x-amz-target", "").rpartition(".")[2]
    try:
        request = json.loads(body or b"{}")
        if isinstance(request, dict) and validation.is_operation("ssm", operation):
            validation.check("ssm", operation, request)
    except ApiError as error:
        return error_response_json(error.code, str(error), error.status)
    except (ValueError, RecursionError):
        return error_response_json("SerializationException", "The request is not JSON.", 400)
    return await handle(method, path, headers, body, query)


@patch("services.ssm", "_put_parameter")
def check_parameter(put: Any, request: Mapping[str, Any]) -> Any:
    """Rejects names, values and requests that PutParameter rejects.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
    """
    problem = next(_problems(request), None)
    return error_response_json(*problem, 400) if problem else put(request)


def _problems(request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = str(request.get("Name", ""))
    if name.startswith("arn:"):
        name = name.partition(":parameter")[2]
    if not NAME.fullmatch(name) or ("/" in name and not name.startswith("/")):
        yield "ValidationException", MALFORMED_NAME
    if name.count("/") > MAX_LEVELS:
        yield (
            "HierarchyLevelLimitExceededException",
            f"A hierarchy can have a maximum of {MAX_LEVELS} levels. {name} has {name.count('/')}.",
        )
    if "Type" not in request and not any(each in ssm._parameters for each in (name, name.lstrip("/"))):
        yield "ValidationException", "A parameter type is required when you create a parameter."
    tier = "Standard" if request.get("Tier", "Standard") == "Standard" else "Advanced"
    if len(str(request.get("Value", ""))) > MAX_CHARACTERS[tier]:
        message = f"{tier} tier parameters support a maximum parameter value of {MAX_CHARACTERS[tier]} characters."
        yield "ValidationException", message + (UPGRADE if tier == "Standard" else "")

"""Lambda: a function whose code is not in S3 is rejected, which ministack creates without code."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import lambda_svc

from refit.embedded_cloud.ministack_patches.patching import patch

FUNCTIONS = "/2015-03-31/functions"
CODE = re.compile(rf"{FUNCTIONS}/[^/]+/code/?")
MISSING = (
    "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist."
)
"""AWS's words: https://github.com/aws-ia/terraform-aws-control_tower_account_factory/issues/27."""


@patch("services.lambda_svc", "handle_request")
async def require_code(handle: Any, method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
    """CreateFunction and UpdateFunctionCode read the object at once.

    https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html
    """
    if method == "POST" and path.rstrip("/") == FUNCTIONS:
        code = json.loads(body or b"{}").get("Code")
    else:
        code = json.loads(body or b"{}") if method == "PUT" and CODE.fullmatch(path) else None
    if isinstance(code, dict) and _is_missing(code):
        return error_response_json("InvalidParameterValueException", MISSING, 400)
    return await handle(method, path, headers, body, query)


def _is_missing(code: Mapping[str, Any]) -> bool:
    bucket, key = code.get("S3Bucket"), code.get("S3Key")
    if not (isinstance(bucket, str) and isinstance(key, str)) or lambda_svc.s3_code_region_message(bucket):
        return False
    return lambda_svc._fetch_code_from_s3(bucket, key, version_id=code.get("S3ObjectVersion")) is None

"""S3: keys have a maximum length."""

from __future__ import annotations

from typing import Any

from ministack.services import s3

from refit.embedded_cloud.ministack_patches.patching import lookup, patch

MAX_BYTES = 1024

lookup("ministack.services.s3", "_error")


@patch("services.s3", "handle_request")
async def reject_long_keys(
    handle: Any, method: str, path: str, headers: Any, body: Any, query: Any, *rest: Any, **options: Any
) -> Any:
    """A key has at most 1,024 bytes of UTF-8.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    """
    key = path.lstrip("/").partition("/")[2]
    if len(key.encode(errors="surrogateescape")) > MAX_BYTES:
        status, response_headers, document = s3._error("KeyTooLongError", "Your key is too long", 400, path)
        return status, response_headers, b"" if method == "HEAD" else document
    return await handle(method, path, headers, body, query, *rest, **options)

"""S3: a missing object is reported as 403 to callers without s3:ListBucket, and a write that failed as an error."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import get_region
from ministack.core.router import extract_access_key_id
from ministack.services import s3

from refit.embedded_cloud.iam_roles import denial_message
from refit.embedded_cloud.ministack_patches.patching import patch


@patch("services.s3", "handle_request")
async def deny_missing_objects(
    handle: Any, method: str, path: str, headers: Any, body: Any, query: Any, *rest: Any, **options: Any
) -> Any:
    """GetObject and HeadObject of a missing object return 404 with s3:ListBucket on the bucket, and 403 without it.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """
    reply = await handle(method, path, headers, body, query, *rest, **options)
    bucket, _, key = path.lstrip("/").partition("/")
    if not app.AUTH or method not in ("GET", "HEAD") or not key or not _is_missing(method, reply):
        return reply
    resource, caller = f"arn:aws:s3:::{bucket}", extract_access_key_id(headers, query)
    denied = iam_evaluator.enforce(caller, "s3:ListBucket", "s3", get_region(), resource_arn=resource)
    if not denied:
        return reply
    message = denial_message(getattr(denied, "principal_arn", ""), "s3:ListBucket", resource, denied)
    status, response_headers, document = s3._error("AccessDenied", message, 403, path)
    return status, response_headers, b"" if method == "HEAD" else document


def _is_missing(method: str, reply: Any) -> bool:
    status, _, document = reply
    return status == 404 and (method == "HEAD" or b"<Code>NoSuchKey</Code>" in document)


_failures: ContextVar[list[str]] = ContextVar("failures")
"""Why files could not be written while the current request was handled."""


@patch("services.s3", "_atomic_write")
def note_failure(write: Any, path: str, *arguments: Any, **options: Any) -> None:
    """Notes that an object could not be written, which ministack only logs.

    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    """
    try:
        write(path, *arguments, **options)
    except OSError as error:
        _failures.get([]).append(f"{path}: {error.strerror}")
        raise


@patch("services.s3", "handle_request")
async def report_failures(handle: Any, *arguments: Any, **options: Any) -> Any:
    """A request whose object is not on the disk is answered with 503, so that its client does not rely on it.

    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    """
    failures: list[str] = []
    _failures.set(failures)
    reply = await handle(*arguments, **options)
    return s3._error("ServiceUnavailable", f"The object cannot be saved: {failures[0]}", 503) if failures else reply

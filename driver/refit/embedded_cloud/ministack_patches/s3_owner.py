"""S3: a request can name the account that must own the bucket, and so can a policy.

ministack ignores the parameter, and takes the caller's account for the owner of every bucket.
"""

from __future__ import annotations

from typing import Any

from ministack.services import s3

from refit.embedded_cloud.ministack_patches.patching import patch

HEADERS = {"x-amz-expected-bucket-owner": "", "x-amz-source-expected-bucket-owner": "x-amz-copy-source"}
"""The parameters, and the header with the bucket that each is about; the request's own bucket if there is none."""


@patch("services.s3", "handle_request")
async def check_the_owner(
    handle: Any, method: str, path: str, headers: Any, body: Any, query: Any, *rest: Any, **options: Any
) -> Any:
    """A request with another expected owner than the bucket has is denied.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
    """
    for header, place in HEADERS.items():
        bucket = (headers.get(place, "") if place else path).lstrip("/").partition("/")[0]
        owner = s3._bucket_owner_account(bucket)
        if headers.get(header) and owner and headers[header] != owner:
            status, response_headers, document = s3._error("AccessDenied", "Access Denied", 403, path)
            return status, response_headers, b"" if method == "HEAD" else document
    return await handle(method, path, headers, body, query, *rest, **options)


@patch("core.iam_evaluator", "_resolve_condition_key")
def name_the_owner(resolve: Any, key: str, context: Any) -> Any:
    """aws:ResourceAccount and s3:ResourceAccount are the account that owns the bucket, which no ARN of S3 has.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    if key.lower() in ("aws:resourceaccount", "s3:resourceaccount") and context.resource_arn.startswith(
        "arn:aws:s3:::"
    ):
        bucket = context.resource_arn.removeprefix("arn:aws:s3:::").partition("/")[0]
        return s3._bucket_owner_account(bucket) or context.principal_account
    return resolve(key, context)

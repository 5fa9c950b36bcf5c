"""S3: an object that is encrypted with a KMS key is read and written only by those who may use the key.

ministack stores which key an object has, and lets everyone who may read the object decrypt it. S3 Bucket Keys, whose
encryption context is the bucket, are not emulated: the context is always the object.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region, set_request_account_id
from ministack.core.router import extract_access_key_id
from ministack.services import kms, s3

from refit.embedded_cloud.iam_roles import denial_message
from refit.embedded_cloud.ministack_patches.patching import lookup, patch

ALGORITHM = "x-amz-server-side-encryption"
KEY = "x-amz-server-side-encryption-aws-kms-key-id"

lookup("ministack.services.kms", "_keys")
lookup("ministack.services.kms", "_resolve_key")


class Request(NamedTuple):
    """Who makes a request, on which object: S3 handles it in the scope of the bucket's owner."""

    method: str
    access_key: str
    account: str
    path: str
    wants_checksum: bool


_request: ContextVar[Request | None] = ContextVar("request", default=None)


@patch("services.s3", "handle_request")
async def note_the_caller(
    handle: Any, method: str, path: str, headers: Any, body: Any, query: Any, *rest: Any, **options: Any
) -> Any:
    """Notes the caller for the checks below. ministack's own calls have none.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    checksum = headers.get("x-amz-checksum-mode", "").upper() == "ENABLED"
    caller = Request(method, extract_access_key_id(headers, query), get_account_id(), path.lstrip("/"), checksum)
    _request.set(caller if app.AUTH and caller.access_key and not options.get("internal") else None)
    return await handle(method, path, headers, body, query, *rest, **options)


@patch("services.s3", "_check_sse_read_headers")
def decrypt_what_is_read(check: Any, headers: Mapping[str, str], obj: Mapping[str, Any]) -> Any:
    """GetObject needs kms:Decrypt; HeadObject only if it asks for the checksum.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    """
    request = _request.get()
    refused = check(headers, obj)
    if refused is not None or request is None or (request.method == "HEAD" and not request.wants_checksum):
        return refused
    return _refusal(request, "kms:Decrypt", obj.get("preserved_headers") or {}, request.path)


@patch("services.s3", "_check_sse_c_copy_source")
def decrypt_what_is_copied(check: Any, headers: Mapping[str, str], source: Mapping[str, Any]) -> Any:
    """CopyObject needs kms:Decrypt on the key of its source.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
    """
    request, refused = _request.get(), check(headers, source)
    if refused is not None or request is None:
        return refused
    path = s3.url_unquote(headers.get("x-amz-copy-source", "").partition("?")[0]).lstrip("/")
    return _refusal(request, "kms:Decrypt", source.get("preserved_headers") or {}, path)


@patch("services.s3", "_resolve_sse_write_headers")
def encrypt_what_is_written(resolve: Any, headers: Any, bucket: str) -> Any:
    """PutObject, CopyObject and CreateMultipartUpload need kms:GenerateDataKey, also on the bucket's default key.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    """
    request = _request.get()
    resolved, refused = resolve(headers, bucket)
    if refused is None and request is not None:
        refused = _refusal(request, "kms:GenerateDataKey", resolved, request.path)
    return (None, refused) if refused is not None else (resolved, None)


def _refusal(request: Request, action: str, encryption: Mapping[str, str], path: str) -> Any:
    """The response to a caller that may not use the object's key, None for one that may."""
    if encryption.get(ALGORITHM) != "aws:kms" or not encryption.get(KEY):
        return None
    arn = _arn(encryption[KEY])
    if arn is None:
        return s3._error("KMS.NotFoundException", f"Key '{encryption[KEY]}' does not exist", 400)
    context = {
        "kms:ViaService": f"s3.{get_region()}.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{path}",
    }
    owner = get_account_id()
    set_request_account_id(request.account)
    try:
        denied = iam_evaluator.enforce(request.access_key, action, "kms", get_region(), arn, context)
    finally:
        set_request_account_id(owner)
    if not denied:
        return None
    message = denial_message(getattr(denied, "principal_arn", ""), action, arn, denied)
    return s3._error("AccessDenied", message, 403, f"/{path}")


def _arn(key_id: str) -> str | None:
    """The ARN of a key by its ARN, its ID or an alias; None if there is none."""
    found = _foreign_key(key_id) or kms._resolve_key(key_id)
    return str(found["Arn"]) if found else None


def _foreign_key(arn: str) -> Any:
    """The key with this ARN in whichever account; None if there is none."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or not parts[5].startswith("key/"):
        return None
    return kms._keys.get_scoped(parts[4], parts[3], parts[5].removeprefix("key/"))


@patch("services.kms", "key_policy_for_arn")
def find_policies_of_other_accounts(find: Any, arn: str) -> Any:
    """The policy and the owner of a key of any account: across accounts, both policies must allow its use.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
    """
    key = _foreign_key(arn)
    return (key.get("Policy") or "", arn.split(":")[4]) if key else find(arn)

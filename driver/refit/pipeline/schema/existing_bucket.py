"""The types of the fields about an existing bucket with data, restricted to what AWS accepts."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def _bucket(text: str) -> str:
    """Unlike a bucket that Refit creates, an existing one may have dots in its name.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    """
    reserved = ("xn--", "sthree-", "amzn-s3-demo-"), ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
    has_reserved = text.startswith(reserved[0]) or text.endswith(reserved[1])
    if has_reserved or ".." in text or re.fullmatch(r"[0-9]+(\.[0-9]+){3}", text):
        raise ValueError(text)
    return text


ExistingBucket = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]+[a-z0-9]$", min_length=3, max_length=63),
    AfterValidator(_bucket),
]
AccountId = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
# The key's own ARN: in a permission to use a key, IAM ignores an alias.
# https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html
KeyArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/(mrk-[0-9a-f]{32}|[0-9a-f-]{36})$")
]

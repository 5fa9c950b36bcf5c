"""S3: soon after versioning was first enabled on a bucket, objects that were created since may not be found.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/manage-versioning-examples.html
"""

from __future__ import annotations

import time
from typing import Any

from ministack.services import s3

from refit.embedded_cloud.ministack_patches.patching import Patch

SECONDS = 5.0
"""AWS: 15 minutes."""


def install() -> None:
    """Hides these objects from Lambda, which reads the code of a function right after it was uploaded."""
    enabled: dict[str, tuple[float, frozenset[str]]] = {}

    def put(original: Any, bucket: str, body: bytes) -> Any:
        first = bucket in s3._buckets and not s3._bucket_versioning.get(bucket)
        reply = original(bucket, body)
        if first and s3._bucket_versioning.get(bucket) == "Enabled":
            enabled[bucket] = time.monotonic(), frozenset(s3._buckets[bucket]["objects"])
        return reply

    def fetch(original: Any, bucket: str, key: str, version_id: str | None = None) -> Any:
        at, before = enabled.get(bucket, (-SECONDS, frozenset()))
        if key not in before and time.monotonic() - at < SECONDS:
            return None
        return original(bucket, key, version_id=version_id)

    Patch("ministack.services.s3", "_put_bucket_versioning", put).apply()
    Patch("ministack.services.lambda_svc", "_fetch_code_from_s3", fetch).apply()

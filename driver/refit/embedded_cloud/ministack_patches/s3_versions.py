"""S3: an object that is older than its bucket's versioning has the version "null", also in the headers of a response.

Terraform reads it there, and deletes the version rather than hiding it behind a delete marker.
"""

from __future__ import annotations

from typing import Any

from ministack.services import s3

from refit.embedded_cloud.ministack_patches.patching import patch

VERSION = "x-amz-version-id"


@patch("services.s3", "_object_response_headers")
def name_null_version(headers_of: Any, obj: Any, bucket_name: str = "", *arguments: Any, **options: Any) -> Any:
    """The headers of GetObject and HeadObject, with the version "null" once versioning was enabled or suspended.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html
    """
    headers = headers_of(obj, bucket_name, *arguments, **options)
    return headers if not s3._bucket_versioning.get(bucket_name) else {VERSION: "null", **headers}

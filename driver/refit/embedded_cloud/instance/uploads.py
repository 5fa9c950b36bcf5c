"""Uploads the output of a job to S3 with the job's own role."""

from __future__ import annotations

from typing import Any, BinaryIO

from botocore.exceptions import ClientError

from refit.embedded_cloud.instance.algorithm import CustomerError


def put(s3: Any, bucket: str, key: str, body: bytes | BinaryIO) -> None:
    """Puts one object. Raises CustomerError with AWS's message, "Artifact upload failed:…"."""
    try:
        s3.put_object(Bucket=bucket, Key=key, Body=body)
    except ClientError as error:
        cause = error.response.get("Error", {})
        problem = f"{cause.get('Code')}: {cause.get('Message')}"
        raise CustomerError(f"Artifact upload failed:Error uploading s3://{bucket}/{key} ({problem})") from error

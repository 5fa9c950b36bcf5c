"""Checks the S3 bucket for Terraform's state: existence, access, versioning and region."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from refit.aws import target
from refit.aws.session import calling
from refit.doctor.credentials import Access
from refit.doctor.results import Check, failed, not_ok, ok
from refit.errors import NotFound, RefitError
from refit.project import PipelineRef, Project
from refit.terraform import backend

SUBJECT = "state bucket"


def settings(ref: PipelineRef) -> Mapping[str, str]:
    """The bucket, key and region of the state, as passed to Terraform. Raises RefitError if one is not configured."""
    return backend.settings(ref, target.environment(ref) if ref.is_local else {}, os.environ)


def check(ref: PipelineRef, access: Access) -> Check:
    """Whether Terraform can store the state of `ref` in the configured bucket."""
    try:
        configured = settings(ref)
    except RefitError as error:
        return failed(SUBJECT, error, f"export {backend.BUCKET}=<bucket>")
    bucket, region = configured["bucket"], configured["region"]
    s3 = access.aws.s3
    try:
        with calling(f"reach s3://{bucket}"):
            head: Mapping[str, Any] = s3.head_bucket(Bucket=bucket)
        with calling(f"list s3://{bucket}"):
            s3.list_objects_v2(Bucket=bucket, MaxKeys=1)
        with calling(f"read the versioning of s3://{bucket}"):
            versioning = s3.get_bucket_versioning(Bucket=bucket).get("Status")
    except NotFound:
        return not_ok(SUBJECT, f"there is no bucket {bucket}", _bootstrap(ref.project))
    except RefitError as error:
        denied = f"use credentials that can read s3://{bucket}, such as those of the deploy role"
        return failed(SUBJECT, error, denied)
    actual = head.get("BucketRegion") or region
    if actual != region:
        return not_ok(SUBJECT, f"{bucket} is in {actual}, not in {region}", f"export {backend.REGION}={actual}")
    if versioning != "Enabled" and not ref.is_local:
        enable = f"aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled"
        return not_ok(SUBJECT, f"{bucket} is not versioned: a damaged state could not be restored", enable)
    return ok(SUBJECT, f"{bucket} in {region}" + (", versioned" if versioning == "Enabled" else ""))


def _bootstrap(project: Project) -> str:
    """The command that creates the bucket and the roles for GitHub Actions, once per account."""
    folder = "terraform/bootstrap"
    write = "" if (project.root / folder).is_dir() else "refit init --update --bootstrap, then: "
    apply = f"terraform -chdir={folder} apply -var repository=OWNER/NAME"
    return f"{write}terraform -chdir={folder} init && {apply}"

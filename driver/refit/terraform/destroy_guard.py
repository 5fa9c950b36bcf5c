"""Refuses a `terraform destroy` that would fail on a non-empty bucket.

S3 does not delete a bucket that contains objects, versions or delete markers, and the bucket is the last resource that
Terraform deletes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from refit.aws import target
from refit.aws.session import Aws, calling
from refit.errors import NotFound, TerraformError
from refit.project import PipelineRef

BUCKET = "module.bucket.aws_s3_bucket.this"
OF_BUCKET = frozenset({"module.bucket", BUCKET})
HELP = frozenset({"h", "help"})


def takes_bucket(action: str, args: Sequence[str]) -> bool:
    """Whether `terraform <action> <args>` destroys the bucket: with the whole stack, or as a -target.

    Other targets do not destroy it, because it depends on no other resource. Saved plans are not inspected.
    """
    options = list(_options(args))
    names = {name for name, value in options if value != "false"}
    if HELP & names or not (action == "destroy" or (action == "apply" and "destroy" in names)):
        return False
    targets = {value for name, value in options if name == "target"}
    return not targets or not OF_BUCKET.isdisjoint(targets)


def refuse_full_bucket(ref: PipelineRef, state: Mapping[str, Any]) -> None:
    """Raises TerraformError if the bucket in `state` (`terraform show -json`) cannot be deleted, AwsError if
    this cannot be determined.

    The applied value of force_destroy counts, because the provider reads it from the state.
    """
    resources = {resource["address"]: resource["values"] for resource in _resources(state)}
    bucket = resources.get(BUCKET)
    if bucket is None or bucket.get("force_destroy"):
        return
    name = bucket["bucket"]
    # Terraform first deletes the objects that it manages, with all their versions.
    managed = {values["key"] for values in resources.values() if values.get("bucket") == name and "key" in values}
    key = _first_key(target.clients(ref, bucket.get("region")), name, managed)
    if key is not None:
        raise TerraformError(
            f"the bucket {name} is not empty: it contains {key} or versions of it. Terraform would destroy the rest of "
            "the stack and then fail; nothing has been destroyed",
            f"to delete the data too, write force_destroy = true in {ref.display_path}, run: refit terraform apply "
            f"{ref.key}, and destroy again; or empty the bucket, including all versions",
        )


def _options(args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each option with its value, written as -name=value or, which terraform also accepts, as -name value."""
    for arg, following in pairwise([*args, ""]):
        if arg.startswith("-"):
            name, _, value = arg.lstrip("-").partition("=")
            yield name, value or following


def _resources(state: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The resources of all modules.

    https://developer.hashicorp.com/terraform/internals/json-format#values-representation
    """
    modules = [state["values"]["root_module"]] if state.get("values") else []
    while modules:
        module = modules.pop()
        yield from module.get("resources", [])
        modules += module.get("child_modules", [])


def _first_key(aws: Aws, bucket: str, ignored: set[str]) -> str | None:
    """The first key of an object, a version or a delete marker in the bucket that is not one of `ignored`."""
    try:
        with calling(f"check whether s3://{bucket} is empty"):
            for page in aws.s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
                for entry in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
                    if entry["Key"] not in ignored:
                        return entry["Key"]
    except NotFound:
        return None
    return None

"""A destroy that would fail at its end is refused at its beginning.

S3 deletes no bucket that holds an object, a version or a delete marker, and the bucket is the last that Terraform
deletes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html.
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
    """Whether `terraform <action> <args>` destroys the bucket, if there is one: with all the rest, or by -target.

    No other target takes it along: it depends on nothing that can be destroyed. A saved plan is not looked into.
    """
    options = list(_options(args))
    names = {name for name, value in options if value != "false"}
    if HELP & names or not (action == "destroy" or (action == "apply" and "destroy" in names)):
        return False
    targets = {value for name, value in options if name == "target"}
    return not targets or not OF_BUCKET.isdisjoint(targets)


def refuse_full_bucket(ref: PipelineRef, state: Mapping[str, Any]) -> None:
    """Raises TerraformError when the bucket of `state` (`terraform show -json`) would not go; AwsError when unknown.

    What was applied counts: the provider goes by the force_destroy that is in the state.
    """
    resources = {resource["address"]: resource["values"] for resource in _resources(state)}
    bucket = resources.get(BUCKET)
    if bucket is None or bucket.get("force_destroy"):
        return
    name = bucket["bucket"]
    # Terraform deletes its own objects first, with all their versions.
    managed = {values["key"] for values in resources.values() if values.get("bucket") == name and "key" in values}
    held = _first_key(target.clients(ref, bucket.get("region")), name, managed)
    if held is not None:
        raise TerraformError(
            f"the bucket {name} holds objects, or versions of them, as {held}: Terraform would delete the rest of the "
            "stack and then fail; nothing has been destroyed",
            f"to delete its data too, write force_destroy = true in {ref.display_path}, then: refit terraform apply "
            f"{ref.key}, and destroy again; or empty the bucket, with all versions",
        )


def _options(args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each option with its value; as -name=value or, as terraform takes it too, -name value."""
    for arg, following in pairwise([*args, ""]):
        if arg.startswith("-"):
            name, _, value = arg.lstrip("-").partition("=")
            yield name, value or following


def _resources(state: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Of all modules: https://developer.hashicorp.com/terraform/internals/json-format#values-representation."""
    modules = [state["values"]["root_module"]] if state.get("values") else []
    while modules:
        module = modules.pop()
        yield from module.get("resources", [])
        modules += module.get("child_modules", [])


def _first_key(aws: Aws, bucket: str, besides: set[str]) -> str | None:
    """The first key in the bucket that is none of `besides`: of an object, a version or a delete marker."""
    try:
        with calling(f"look whether s3://{bucket} is empty"):
            for page in aws.s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
                for entry in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
                    if entry["Key"] not in besides:
                        return entry["Key"]
    except NotFound:
        return None
    return None

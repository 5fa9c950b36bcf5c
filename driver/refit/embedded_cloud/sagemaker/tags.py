"""Implements AddTags, ListTags and DeleteTags for every kind of resource, and checks the tags of Create requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from refit.embedded_cloud.sagemaker import store
from refit.embedded_cloud.sagemaker.errors import ApiError, invalid, missing
from refit.embedded_cloud.sagemaker.pagination import invalid_token
from refit.embedded_cloud.sagemaker.resources import Json, Record
from refit.embedded_cloud.sagemaker.scope import Scope

LIMIT = 50
RESERVED = "aws:"


def add(request: Json, scope: Scope) -> Json:
    """https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html"""
    with store.lock:
        record = _find(request["ResourceArn"], scope)
        record.tags = merged(record.tags, request["Tags"])
        return {"Tags": list(record.tags)}


def list_(request: Json, scope: Scope) -> Json:
    """The tags of a resource: always one page, because a resource has at most 50 tags and a page at least as many.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTags.html
    """
    with store.lock:
        record = _find(request["ResourceArn"], scope)
        if request.get("NextToken"):
            raise invalid_token()
        return {"Tags": list(record.tags)}


def delete(request: Json, scope: Scope) -> Json:
    """Removes tags; keys that the resource does not have are ignored.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteTags.html
    """
    with store.lock:
        record = _find(request["ResourceArn"], scope)
        _check_keys(request["TagKeys"])
        record.tags = [tag for tag in record.tags if tag["Key"] not in request["TagKeys"]]
    return {}


def merged(old: Iterable[Json], new: Sequence[Json]) -> list[Json]:
    """The union of the tags, with the newer value of each key.

    Raises ApiError if a new key is reserved or occurs twice ("Tag keys must be unique per resource",
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html), or for more than 50 tags.
    """
    keys = [tag["Key"] for tag in new]
    _check_keys(keys)
    if len(set(keys)) < len(keys):
        raise invalid("Duplicate tag key")  # AWS's words: aws/sagemaker-python-sdk#3608
    values: dict[str, Any] = {tag["Key"]: tag["Value"] for tag in [*old, *new]}
    if len(values) > LIMIT:
        raise ApiError("ResourceLimitExceeded", f"The number of tags exceeds the limit of {LIMIT}.")
    return [{"Key": key, "Value": value} for key, value in values.items()]


def _check_keys(keys: Iterable[str]) -> None:
    """Rejects AWS's own prefix, in any case, with AWS's words: aws/sagemaker-python-sdk#1301.

    https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
    """
    for key in keys:
        if key.lower().startswith(RESERVED):
            raise invalid(f"System prefix 'aws:' reserved for AWS usage in tag key: {key}")


def _find(arn: str, scope: Scope) -> Record:
    """The resource with this ARN. Raises ApiError if the caller's account and region have none."""
    record = store.by_arn(arn)
    if record is None or record.scope != scope:
        raise missing("resource", arn)
    return record

"""Implements AddTags and ListTags for every kind of resource."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from refit.embedded_cloud.sagemaker import store
from refit.embedded_cloud.sagemaker.errors import ApiError, missing
from refit.embedded_cloud.sagemaker.resources import Json, Record
from refit.embedded_cloud.sagemaker.scope import Scope

LIMIT = 50


def add(request: Json, scope: Scope) -> Json:
    """https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html"""
    with store.lock:
        record = _find(request["ResourceArn"])
        record.tags = merged(record.tags, request["Tags"])
        return {"Tags": list(record.tags)}


def list_(request: Json, scope: Scope) -> Json:
    """The tags of a resource, in one page because there are at most 50."""
    with store.lock:
        return {"Tags": list(_find(request["ResourceArn"]).tags)}


def merged(old: Iterable[Json], new: Iterable[Json]) -> list[Json]:
    """The union of the tags, with the newer value of each key. Raises ApiError if there are more than 50."""
    values: dict[str, Any] = {tag["Key"]: tag["Value"] for tag in [*old, *new]}
    if len(values) > LIMIT:
        raise ApiError("ResourceLimitExceeded", f"The number of tags exceeds the limit of {LIMIT}.")
    return [{"Key": key, "Value": value} for key, value in values.items()]


def _find(arn: str) -> Record:
    record = store.by_arn(arn)
    if record is None:
        raise missing("resource", arn)
    return record

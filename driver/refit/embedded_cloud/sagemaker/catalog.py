"""Creates, finds, lists and removes resources by name: the same for models, endpoint configs and endpoints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from refit.embedded_cloud.sagemaker import pagination, store, tags
from refit.embedded_cloud.sagemaker.errors import exists, missing
from refit.embedded_cloud.sagemaker.resources import Json, Record, now
from refit.embedded_cloud.sagemaker.scope import Scope

R = TypeVar("R", bound=Record)


def new(kind: type[R], request: Json, scope: Scope, /, **fields: Any) -> R:
    """The resource that a Create request describes; it is not stored yet. Raises ApiError for invalid tags."""
    at = now()
    return kind(
        account=scope.account,
        region=scope.region,
        name=request[f"{kind.MEMBER}Name"],
        created=at,
        modified=at,
        tags=tags.merged([], request.get("Tags", ())),
        **fields,
    )


def check_name(record: Record) -> None:
    """Raises ApiError if another resource has the name."""
    if store.find(type(record), record.scope, record.name):
        raise exists(record.LABEL, record.arn)


def add(record: Record) -> Json:
    """Stores a new resource and returns the response of its Create operation. Raises ApiError if its name is taken."""
    with store.lock:
        check_name(record)
        store.add(record)
    return {f"{record.MEMBER}Arn": record.arn}


def get(kind: type[R], scope: Scope, name: str) -> R:
    """The resource with this name. Raises ApiError if it does not exist."""
    record = store.find(kind, scope, name)
    if record is None:
        raise missing(kind.LABEL, scope.arn(kind.KIND, name))
    return record


def requested(kind: type[R], request: Json, scope: Scope) -> R:
    """The resource that a request names. Raises ApiError if it does not exist."""
    return get(kind, scope, request[f"{kind.MEMBER}Name"])


def list_(
    kind: type[R],
    request: Json,
    scope: Scope,
    describe: Callable[[R], Json] | None = None,
    status: Callable[[R], str] = lambda _: "",
) -> Json:
    """The response of a List operation; `describe` returns the summary of a resource."""
    with store.lock:
        records = store.of_kind(kind, scope)
        return pagination.page(records, request, kind.LIST, describe or summary, status=status)


def delete(kind: type[Record], request: Json, scope: Scope) -> Json:
    """Removes a resource, even one in use, and returns the empty response. Raises ApiError if it does not exist."""
    with store.lock:
        store.remove(requested(kind, request, scope))
    return {}


def summary(record: Record) -> Json:
    """The members that every description and every entry of a list begins with."""
    return {
        f"{record.MEMBER}Name": record.name,
        f"{record.MEMBER}Arn": record.arn,
        "CreationTime": record.created,
    }

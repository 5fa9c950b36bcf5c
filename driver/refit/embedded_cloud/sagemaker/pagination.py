"""Filters, sorts and paginates the results of List operations."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from refit.embedded_cloud.sagemaker.errors import invalid
from refit.embedded_cloud.sagemaker.resources import Record

R = TypeVar("R", bound=Record)

PAGE_SIZE = 10


def page(
    records: Sequence[R],
    request: Mapping[str, Any],
    member: str,
    summary: Callable[[R], dict[str, Any]],
    *,
    status: Callable[[R], str] = lambda _: "",
    order: str = "Descending",
) -> dict[str, Any]:
    """The response of a List operation: {member: […], "NextToken"?}. `order` is the operation's default SortOrder."""
    keys: Mapping[str, Callable[[R], Any]] = {
        "CreationTime": lambda record: record.created,
        "Name": lambda record: record.name,
        "Status": status,
    }
    key = keys[request.get("SortBy", "CreationTime")]
    matching = sorted(
        (record for record in records if _matches(record, request, status(record))),
        key=lambda record: (key(record), record.name),
        reverse=request.get("SortOrder", order) == "Descending",
    )
    start = _offset(request.get("NextToken"))
    end = start + int(request.get("MaxResults", PAGE_SIZE))
    response: dict[str, Any] = {member: [summary(record) for record in matching[start:end]]}
    if end < len(matching):
        response["NextToken"] = base64.urlsafe_b64encode(str(end).encode()).decode()
    return response


def _matches(record: Record, request: Mapping[str, Any], status: str) -> bool:
    return (
        request.get("NameContains", "") in record.name
        and request.get("StatusEquals", status) == status
        and request.get("CreationTimeAfter", record.created) <= record.created
        and request.get("CreationTimeBefore", record.created) >= record.created
        and request.get("LastModifiedTimeAfter", record.modified) <= record.modified
        and request.get("LastModifiedTimeBefore", record.modified) >= record.modified
    )


def _offset(token: str | None) -> int:
    try:
        return int(base64.urlsafe_b64decode(token)) if token else 0
    except (ValueError, binascii.Error):
        raise invalid("Invalid NextToken.") from None

"""Filters, sorts and paginates the results of List operations."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from refit.embedded_cloud.sagemaker.errors import ApiError, invalid
from refit.embedded_cloud.sagemaker.resources import Record, TrainingJob

R = TypeVar("R", bound=Record)

PAGE_SIZE = 10
UNMATCHED = ("WarmPoolStatusEquals", "TrainingPlanArnEquals")
"""Filters that match no resource here: there are neither warm pools nor training plans."""


def page(
    records: Sequence[R],
    request: Mapping[str, Any],
    member: str,
    summary: Callable[[R], dict[str, Any]],
    *,
    status: Callable[[R], str] = lambda _: "",
) -> dict[str, Any]:
    """The response of a List operation: {member: […], "NextToken"?}.

    Without SortOrder the newest come first. The API reference says so of every operation except ListTrainingJobs, but
    that one returns the newest jobs first as well, as outputs that users have published show.

    ListTrainingJobs with StatusEquals and MaxResults first takes MaxResults jobs of any status, then removes those of
    another status: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobs.html

    A token marks the last item of its page, so that the next page neither repeats nor skips items when others are
    created or deleted in between. Raises ApiError for a token of another operation or order.
    """
    sort_by, descending = request.get("SortBy", "CreationTime"), request.get("SortOrder") != "Ascending"
    keys: Mapping[str, Callable[[R], Any]] = {
        "CreationTime": lambda record: record.created,
        "Name": lambda record: record.name,
        "Status": status,
    }

    def position(record: R) -> list[Any]:
        return [keys[sort_by](record), record.name]

    late = member == TrainingJob.LIST and {"StatusEquals", "MaxResults"} <= request.keys()
    filters = {name: value for name, value in request.items() if not (late and name == "StatusEquals")}
    matching = sorted(
        (record for record in records if _matches(record, filters, status(record))), key=position, reverse=descending
    )
    order = [member, sort_by, descending]
    if token := request.get("NextToken"):
        last = _position(token, order)
        matching = [each for each in matching if (position(each) < last if descending else position(each) > last)]
    size = int(request.get("MaxResults", PAGE_SIZE))
    shown = matching[:size]
    if late:
        shown = [record for record in shown if status(record) == request["StatusEquals"]]
    response: dict[str, Any] = {member: [summary(record) for record in shown]}
    if size < len(matching):
        response["NextToken"] = _token(order, position(matching[size - 1]))
    return response


def invalid_token() -> ApiError:
    """The error for a NextToken that the operation has not returned, with the placeholder that AWS leaves in it.

    https://github.com/getmoto/moto/blob/4.0.0/tests/test_sagemaker/test_sagemaker_training.py
    """
    return invalid('Invalid pagination token because "{0}".')


def _matches(record: Record, request: Mapping[str, Any], status: str) -> bool:
    """The API reference includes the moment itself in …After ("greater than or equal to"), but not in …Before."""
    return (
        not any(name in request for name in UNMATCHED)
        and request.get("NameContains", "") in record.name
        and request.get("StatusEquals", status) == status
        and request.get("CreationTimeAfter", record.created) <= record.created
        and record.created < request.get("CreationTimeBefore", record.created + 1)
        and request.get("LastModifiedTimeAfter", record.modified) <= record.modified
        and record.modified < request.get("LastModifiedTimeBefore", record.modified + 1)
    )


def _token(order: list[Any], position: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([*order, *position]).encode()).decode()


def _position(token: str, order: list[Any]) -> list[Any]:
    try:
        found = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, RecursionError):
        raise invalid_token() from None
    if not isinstance(found, list) or found[:-2] != order or not isinstance(found[-1], str):
        raise invalid_token()
    expected = (int, float) if order[1] == "CreationTime" else (str,)
    if not isinstance(found[-2], expected):
        raise invalid_token()
    return found[-2:]

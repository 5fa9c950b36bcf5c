"""Implements GetExecutionHistory.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions.api import executions, pagination
from refit.embedded_cloud.step_functions.errors import invalid_token

Json = dict[str, Any]

# Members that includeExecutionData = false omits: data, not names.
DATA = {"input", "output", "parameters", "inputDetails", "outputDetails", "assignedVariables", "error", "cause"}


def get(request: Json) -> Json:
    """One page of the events. A page is cut out of the list, so its time does not depend on the history's length.

    The token holds the page's place and the number of events at the first page: later events shift no page.
    """
    record = executions.find(request["executionArn"]).record
    begin, count = _place(request, len(record.events))
    size, backwards = request.get("maxResults") or pagination.DEFAULT_RESULTS, request.get("reverseOrder", False)
    end = min(begin + size, count)
    events = record.events[count - end : count - begin][::-1] if backwards else record.events[begin:end]
    if not request.get("includeExecutionData", True):
        events = [_without_data(event) for event in events]
    answer: Json = {"events": events}
    if end < count:
        answer["nextToken"] = pagination.encode(f"{record.arn} {end} {count} {backwards}")
    return answer


def _place(request: Json, now: int) -> tuple[int, int]:
    """The number of events before the page, and the number of events in all pages. Raises ApiError InvalidToken."""
    if "nextToken" not in request:
        return 0, now
    try:
        arn, begin, count, backwards = pagination.decode(request["nextToken"]).split(" ")
        place = int(begin), int(count)
    except ValueError:
        raise invalid_token() from None
    if (arn, backwards) != (request["executionArn"], str(request.get("reverseOrder", False))):
        raise invalid_token()
    return place


def _without_data(event: Json) -> Json:
    return {
        name: {key: value for key, value in item.items() if key not in DATA} if name.endswith("Details") else item
        for name, item in event.items()
    }

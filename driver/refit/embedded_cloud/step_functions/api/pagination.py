"""Pages of lists: maxResults and nextToken.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachines.html
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

from refit.embedded_cloud.step_functions.errors import invalid_token

Json = dict[str, Any]

DEFAULT_RESULTS = 100


def page(keys: Sequence[str], request: Json, member: str, item: Callable[[str], Json]) -> Json:
    """One page of the resources with these sorted keys: {member: [item(key), …], "nextToken"?}.

    The token names the last key of the page, so that a resource created meanwhile repeats none. A maxResults of 0
    means the default. Raises ApiError InvalidToken.
    """
    start = 0
    if token := request.get("nextToken"):
        last = decode(token)
        start = next((number for number, key in enumerate(keys, 1) if key == last), 0)
        if start == 0:
            raise invalid_token()
    end = start + (request.get("maxResults") or DEFAULT_RESULTS)
    answer: Json = {member: [item(key) for key in keys[start:end]]}
    if end < len(keys):
        answer["nextToken"] = encode(keys[end - 1])
    return answer


def encode(text: str) -> str:
    """The text as a token."""
    return base64.urlsafe_b64encode(text.encode()).decode()


def decode(token: str) -> str:
    """The text of a token. Raises ApiError InvalidToken."""
    try:
        return base64.urlsafe_b64decode(token).decode()
    except (ValueError, binascii.Error):
        raise invalid_token() from None

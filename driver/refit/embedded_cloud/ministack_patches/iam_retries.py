"""IAM: a request that an SDK sends again because the response was lost gets that response, and is not run twice.

In one run of the tests on a very busy machine, a response was lost; what closed the connection is not known. A load
test loses none, and a connection that is closed because it is unused loses requests only before they are run
(KEEP_ALIVE_SECONDS in refit.embedded_cloud.server). IAM's requests have no client token, so a second CreateRole would
fail with EntityAlreadyExists and end a `terraform apply`. All attempts of one call have the same invocation ID:
https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from ministack import app

from refit.embedded_cloud.ministack_patches.iam import Handler

INVOCATION = "amz-sdk-invocation-id"
MAX_RESPONSES = 256
"""How many responses are kept. An SDK sends a request again within seconds, and Terraform sends ten at a time."""


def replaying(handle: Handler) -> Handler:
    """Wraps the handler of a service so that it answers a repeated invocation with the response to the first.

    Only successful responses are kept: after an error, such as throttling, the next attempt is run.
    """
    responses: OrderedDict[str, Any] = OrderedDict()

    async def replay(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Any:
        invocation = headers.get(INVOCATION, "")
        if invocation in responses:
            return responses[invocation]
        response = await handle(method, path, headers, body, query)
        if invocation and response[0] == 200:
            responses[invocation] = response
            while len(responses) > MAX_RESPONSES:
                responses.popitem(last=False)
        return response

    return replay


app.SERVICE_HANDLERS["iam"] = replaying(app.SERVICE_HANDLERS["iam"])

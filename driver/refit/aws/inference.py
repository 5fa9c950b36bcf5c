"""Invokes a pipeline's endpoint with rows of features and returns the predictions."""

from __future__ import annotations

from collections.abc import Sequence

from refit.aws.session import Aws, calling
from refit.domain.formatting import counted
from refit.domain.predictions import Prediction, batches, read
from refit.errors import NotFound, RefitError

REQUEST_BYTES = 5_000_000
"""Below the limit of InvokeEndpoint: https://docs.aws.amazon.com/general/latest/gr/sagemaker.html"""
ROWS_A_REQUEST = 500


def invoke(aws: Aws, endpoint: str, rows: Sequence[str]) -> list[Prediction]:
    """The predictions for `rows` (comma-separated features, no label), in the same order.

    Raises NotFound if the endpoint does not exist, and RefitError if it returns a response that `read` does not accept.
    """
    predictions: list[Prediction] = []
    for batch in batches(rows, ROWS_A_REQUEST, REQUEST_BYTES):
        try:
            with calling(f"invoke the endpoint {endpoint}"):
                response = aws.sagemaker_runtime.invoke_endpoint(
                    EndpointName=endpoint, ContentType="text/csv", Accept="application/json", Body="\n".join(batch)
                )
                body = response["Body"].read()
        except NotFound:
            raise NotFound(f"there is no endpoint {endpoint}") from None
        try:
            predictions += read(body)
        except ValueError as error:
            start = body[:100].decode(errors="replace")
            raise RefitError(
                f"the endpoint {endpoint} returned an unexpected response: {start}",
                "a custom algorithm must return a JSON list with one item per row (docs/algorithms.md)",
            ) from error
    if len(predictions) != len(rows):
        returned, sent = counted(len(predictions), "prediction"), counted(len(rows), "row")
        raise RefitError(f"the endpoint {endpoint} returned {returned} for {sent}")
    return predictions

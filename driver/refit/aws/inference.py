"""Asks a deployed model: rows of features in, predictions out."""

from __future__ import annotations

from collections.abc import Sequence

from refit.aws.session import Aws, calling
from refit.domain.formatting import counted
from refit.domain.predictions import Prediction, batches, read
from refit.errors import NotFound, RefitError

REQUEST_BYTES = 5_000_000
"""Below what InvokeEndpoint takes: https://docs.aws.amazon.com/general/latest/gr/sagemaker.html"""
ROWS_A_REQUEST = 500


def ask(aws: Aws, endpoint: str, rows: Sequence[str]) -> list[Prediction]:
    """The predictions for `rows` (comma-separated features, no label), in their order.

    Raises RefitError when there is no such endpoint, or its answer is none that `read` knows.
    """
    predictions: list[Prediction] = []
    for batch in batches(rows, ROWS_A_REQUEST, REQUEST_BYTES):
        try:
            with calling(f"ask the endpoint {endpoint}"):
                answer = aws.sagemaker_runtime.invoke_endpoint(
                    EndpointName=endpoint, ContentType="text/csv", Accept="application/json", Body="\n".join(batch)
                )
                body = answer["Body"].read()
        except NotFound:
            raise RefitError(
                f"there is no endpoint {endpoint}", "it is made by the first run that deploys: refit status PIPELINE"
            ) from None
        try:
            predictions += read(body)
        except ValueError as error:
            start = body[:100].decode(errors="replace")
            raise RefitError(
                f"the endpoint {endpoint} answered what is no prediction: {start}",
                "an own algorithm answers with a JSON list, one item for each row (docs/algorithms.md)",
            ) from error
    if len(predictions) != len(rows):
        answered, asked = counted(len(predictions), "prediction"), counted(len(rows), "row")
        raise RefitError(f"the endpoint {endpoint} answered {answered} for {asked}")
    return predictions

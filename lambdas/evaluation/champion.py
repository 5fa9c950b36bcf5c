"""Finds the champion, the model that the endpoint serves now, and gets its predictions for held-out rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.aws.errors import code, message
from lambdas.sagemaker import lookup
from refit.domain import endpoint_config, predictions, resource_names
from refit.domain.endpoint_status import CHANGING, UPDATABLE
from refit.domain.errors import Throttled, UnknownStatus
from refit.domain.formatting import counted
from refit.domain.messages import UNKNOWN_ENDPOINT_STATUS
from refit.domain.metrics import NotComparable
from refit.domain.predictions import Prediction
from refit.domain.run_document import Run

IDLE = frozenset({"Creating", "OutOfService", "Failed", "Deleting"})
SERVING = (CHANGING | UPDATABLE) - IDLE
ON_ONE_CONFIG = frozenset({"InService", "SystemUpdating"})
"""In the other serving statuses, the endpoint may switch between two models."""

BATCH_ROWS = 100
BATCH_BYTES = 2**20
"""Well below the limit of a request, and small enough for a model to respond within the client's timeout.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html: 6,291,456 bytes.
"""
LONGEST_CALL_SECONDS = 30
"""The longest that a call without a response can take: clients.INFERENCE_CONFIG."""
MAX_REASON = 300


class NoChampion(Exception):
    """No model of this pipeline is live, so there is nothing to compare with; the message is the reason, for users."""


class LiveModel(NamedTuple):
    """An endpoint that serves, and its model; None if the model is not certain, or may not be read."""

    endpoint: str
    model: str | None


def live(run: Run) -> LiveModel:
    """The live model of the run's endpoint. Raises NoChampion if none of this pipeline serves, and UnknownStatus."""
    name, watermark = run["endpoint"], run["watermark"]
    endpoint = lookup.endpoint(name)
    if endpoint is None:
        raise NoChampion("no model has served yet" if watermark is None else f"the endpoint {name} does not exist")
    status, config = endpoint["EndpointStatus"], endpoint["EndpointConfigName"]
    is_ours = resource_names.is_of_a_run(config, run["pipeline"])
    if watermark is None and not is_ours:
        raise NoChampion(f"the endpoint {name} is on {config}, which no run of {run['pipeline']} created")
    if status in IDLE:
        raise NoChampion(f"the endpoint {name} is {status}{' and has never served' if watermark is None else ''}")
    if status not in SERVING:
        raise UnknownStatus(UNKNOWN_ENDPOINT_STATUS.format(endpoint=name, status=status))
    return LiveModel(name, _model(config) if is_ours and status in ON_ONE_CONFIG else None)


def predict(endpoint: str, rows: Sequence[str], remaining_seconds: Callable[[], float]) -> list[Prediction]:
    """The predictions for `rows` (CSV without label), in order; fewer if the remaining seconds do not suffice for all.

    Raises NotComparable if the model does not accept the rows or its response cannot be parsed, and Throttled if a
    later attempt may succeed.
    """
    made: list[Prediction] = []
    for batch in predictions.batches(rows, BATCH_ROWS, BATCH_BYTES):
        if remaining_seconds() < LONGEST_CALL_SECONDS:
            break
        try:
            of_batch = predictions.read(_invoke(endpoint, batch))
        except ValueError as error:
            raise NotComparable(f"the live model's response {error}") from error
        if len(of_batch) != len(batch):
            received, sent = counted(len(of_batch), "prediction"), counted(len(batch), "row")
            raise NotComparable(f"the live model returned {received} for {sent}")
        made += of_batch
    if rows and not made:
        raise Throttled(f"there was no time left to send rows to the endpoint {endpoint}")
    return made


def _model(config: str) -> str | None:
    """The only model of an endpoint config; None if it has several, or was deleted while its endpoint serves on."""
    found = lookup.endpoint_config(config)
    variants = endpoint_config.identity(found) if found else ()
    return variants[0].model if len(variants) == 1 else None


def _invoke(endpoint: str, rows: Sequence[str]) -> bytes:
    # Without a line feed at the end, as AWS's SDK sends it: some containers would read another, empty row.
    body = "\n".join(rows).encode()
    try:
        response = clients.sagemaker_runtime().invoke_endpoint(
            EndpointName=endpoint, ContentType="text/csv", Accept="application/json", Body=body
        )
    except ClientError as error:
        raise _translated(error, endpoint) from error
    return response["Body"].read()


def _translated(error: ClientError, endpoint: str) -> Exception:
    """The error as one about the champion; one about AWS is returned as is, and the handler deals with it.

    NotComparable rather than a failure: `gate.on_incomparable` decides whether the live model may be replaced.
    """
    text = str(error.response.get("OriginalMessage") or message(error))[:MAX_REASON]
    if code(error) == "ModelError":
        return NotComparable(f"the live model rejected the rows ({error.response.get('OriginalStatusCode')}): {text}")
    if code(error) != "ValidationError":
        return error
    # As users report it: amazon-sagemaker-examples#559. The endpoint existed a moment ago.
    if text.startswith("Endpoint ") and text.endswith(" not found."):
        return Throttled(f"{text} DescribeEndpoint finds {endpoint}: one of the two is out of date")
    return NotComparable(f"SageMaker rejected the rows: {text}")

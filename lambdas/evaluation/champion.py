"""The champion: the model that the endpoint serves now, and what it answers to rows that it is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.aws.errors import code, message
from lambdas.sagemaker import lookup
from refit.domain import predictions as answers
from refit.domain import resource_names
from refit.domain.endpoint_status import CHANGING, UPDATABLE
from refit.domain.errors import Throttled, UnknownStatus
from refit.domain.formatting import counted
from refit.domain.metrics import NotComparable, Prediction
from refit.domain.run_document import Run

IDLE = frozenset({"Creating", "OutOfService", "Failed", "Deleting"})
SERVES = (CHANGING | UPDATABLE) - IDLE
ON_ONE_CONFIG = frozenset({"InService", "SystemUpdating"})
"""In the other statuses that serve, two models may take turns."""

BATCH_ROWS = 100
BATCH_BYTES = 2**20
"""Well below what a request may hold, and short enough for a model to answer within the client's time-out.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html: 6,291,456 bytes.
"""
LONGEST_CALL_SECONDS = 30
"""What a call may take that is never answered: clients.ASKING."""
MAX_REASON = 300


class LiveModel(NamedTuple):
    """An endpoint that serves, and its model; None when that cannot be told for certain, or is nobody's to read."""

    endpoint: str
    model: str | None


def live(run: Run) -> LiveModel:
    """What the run's endpoint serves. Raises NotComparable when that is nothing of this pipeline's, UnknownStatus."""
    name, watermark = run["endpoint"], run["watermark"]
    endpoint = lookup.endpoint(name)
    if endpoint is None:
        raise NotComparable("none has served yet" if watermark is None else f"the endpoint {name} does not exist")
    status, config = endpoint["EndpointStatus"], endpoint["EndpointConfigName"]
    if watermark is None and not resource_names.is_of_a_run(config, run["pipeline"]):
        raise NotComparable(f"the endpoint {name} is on {config}, which no run of {run['pipeline']} made")
    if status in IDLE:
        raise NotComparable(f"the endpoint {name} is {status}{' and has never served' if watermark is None else ''}")
    if status not in SERVES:
        raise UnknownStatus(f"the endpoint {name} is {status}")
    told = status in ON_ONE_CONFIG and resource_names.is_of_a_run(config, run["pipeline"])
    return LiveModel(name, _model(config) if told else None)


def ask(endpoint: str, rows: Sequence[str], seconds: Callable[[], float]) -> list[Prediction]:
    """The predictions for `rows` (CSV without label), in their order; fewer when the `seconds` left are too few.

    Raises NotComparable when the model does not take the rows or its answers cannot be read, and Throttled when a
    later attempt may do better.
    """
    given: list[Prediction] = []
    for batch in batches(rows):
        if seconds() < LONGEST_CALL_SECONDS:
            break
        predictions = answers.read(_invoke(endpoint, batch))
        if len(predictions) != len(batch):
            came, asked = counted(len(predictions), "answer"), counted(len(batch), "row")
            raise NotComparable(f"the live model gave {came} to {asked}")
        given += predictions
    if rows and not given:
        raise Throttled(f"no time was left to ask the endpoint {endpoint} about a single row")
    return given


def batches(rows: Sequence[str]) -> Iterator[Sequence[str]]:
    """The rows in order, a request's worth at a time; a row that is too large alone is a request of its own."""
    start = size = 0
    for number, row in enumerate(rows):
        if number > start and (number - start == BATCH_ROWS or size + len(row) + 1 > BATCH_BYTES):
            yield rows[start:number]
            start, size = number, 0
        size += len(row) + 1
    if start < len(rows):
        yield rows[start:]


def _model(config: str) -> str | None:
    """The one model of an endpoint config; None when it has several, or was deleted: its endpoint serves on."""
    found = lookup.endpoint_config(config)
    models = [variant.get("ModelName") for variant in found["ProductionVariants"]] if found else []
    return models[0] if len(models) == 1 else None


def _invoke(endpoint: str, rows: Sequence[str]) -> bytes:
    body = "".join(f"{row}\n" for row in rows).encode()
    try:
        answer = clients.sagemaker_runtime().invoke_endpoint(
            EndpointName=endpoint, ContentType="text/csv", Accept="application/json", Body=body
        )
    except ClientError as error:
        raise _meaning(error, endpoint) from error
    return answer["Body"].read()


def _meaning(error: ClientError, endpoint: str) -> Exception:
    """What a refusal says of the champion; what it says of AWS is for the handler's boundary.

    A model that fails on the rows may not keep a better one from taking its place, so that it is no error.
    """
    said = str(error.response.get("OriginalMessage") or message(error))[:MAX_REASON]
    if code(error) == "ModelError":
        return NotComparable(f"the live model refused the rows ({error.response.get('OriginalStatusCode')}): {said}")
    if code(error) != "ValidationError":
        return error
    # As users report it: amazon-sagemaker-examples#559. The endpoint was there a moment ago.
    if said.startswith("Endpoint ") and said.endswith(" not found."):
        return Throttled(f"{said} DescribeEndpoint knows {endpoint}: one of them is out of date")
    return NotComparable(f"SageMaker refused to pass on the rows: {said}")

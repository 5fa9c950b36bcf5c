"""Takes and checks a pipeline's lease, `runs/<pipeline>/lease.json`, which names the only execution that may proceed.

The lease is never released, so a run that dies cannot leak it. A later run asks Step Functions whether the named
execution is still running, and if not takes the lease over by compare-and-set. The stopped execution can be redriven
after that, so every handler that changes something checks the lease first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TypedDict

from botocore.exceptions import ClientError

from lambdas.aws import clients, s3
from lambdas.aws.errors import code
from refit.domain.errors import LeaseLost, Throttled
from refit.domain.messages import LEASE_TAKEN, NO_HOLDER
from refit.domain.run_document import Execution, Run
from refit.domain.window import parse_instant

ATTEMPTS = 5
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
CLOSED = frozenset({"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"})

VISIBILITY_DELAY = timedelta(minutes=5)
"""For this time after its start, an execution is assumed to be running even if Step Functions does not find it."""


class Lease(TypedDict):
    """The contents of the object."""

    execution_arn: str
    run: str
    started_at: str


def take(bucket: str, pipeline: str, execution: Execution) -> str | None:
    """Takes the lease for `execution`. Returns None, or the ARN of the running execution that has it.

    An execution that has the lease already (a retried CheckData) keeps it. Raises Throttled if other executions keep
    taking it over at the same moment.
    """
    key = _key(pipeline)
    mine: Lease = {"execution_arn": execution["arn"], "run": execution["name"], "started_at": execution["started_at"]}
    body = json.dumps(mine).encode()
    for _ in range(ATTEMPTS):
        if s3.put_if_absent(bucket, key, body):
            return None
        held = s3.read(bucket, key)
        if held is None:
            continue
        found = _lease(held.body)
        holder = _holder(found)
        if holder == execution["arn"]:
            return None
        if holder is not None and _runs(holder, fresh=_is_fresh(found, execution["started_at"])):
            return holder
        if s3.replace(bucket, key, body, held.etag):
            return None
    raise Throttled(f"s3://{bucket}/{key} was changed by others at each attempt")


def require(run: Run) -> None:
    """Raises LeaseLost unless this run still has the lease.

    A redriven execution continues after CheckData, under its old ARN:
    https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
    """
    held = s3.read(run["bucket"], _key(run["pipeline"]))
    holder = _holder(_lease(held.body)) if held else None
    if holder != run["execution_arn"]:
        raise LeaseLost(LEASE_TAKEN.format(holder=holder or NO_HOLDER))


def _key(pipeline: str) -> str:
    return f"runs/{pipeline}/lease.json"


def _lease(body: bytes) -> Mapping[str, object]:
    """The contents of the object; empty if it is not a JSON object."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _holder(lease: Mapping[str, object]) -> str | None:
    """The execution that a lease names; None if the contents are not a lease."""
    holder = lease.get("execution_arn")
    return holder if isinstance(holder, str) and holder.startswith("arn:") else None


def _is_fresh(lease: Mapping[str, object], now: str) -> bool:
    """Whether the holder started so shortly before `now` that Step Functions may not show it yet."""
    try:
        return parse_instant(now) - parse_instant(lease.get("started_at")) < VISIBILITY_DELAY
    except ValueError:
        return False


def _runs(execution_arn: str, *, fresh: bool) -> bool:
    """Whether the execution is still running. One that does not exist is assumed to run if it is `fresh`.

    DescribeExecution is eventually consistent, and executions are deleted 90 days after they end.
    """
    try:
        status = clients.stepfunctions().describe_execution(executionArn=execution_arn)["status"]
    except ClientError as error:
        if code(error) == "ExecutionDoesNotExist":
            return fresh
        raise
    return status not in CLOSED

"""One run at a time: the lease `runs/<pipeline>/lease.json` names the execution that may work.

It is never released. Whoever finds it asks Step Functions whether the execution that it names still runs, so that
nothing leaks when a run dies, and takes it over by compare-and-set when it does not.
An execution that was stopped can be continued (redriven) after that, so whatever changes something looks again first.
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
from refit.domain.messages import LEASE_TAKEN
from refit.domain.run_document import Execution, Run
from refit.domain.window import parse_instant

ATTEMPTS = 5
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
CLOSED = frozenset({"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"})

UNHEARD_OF = timedelta(minutes=5)
"""For how long after its start an execution that does not exist is taken for one that does not show yet."""


class Lease(TypedDict):
    """What the object holds."""

    execution_arn: str
    run: str
    started_at: str


def take(bucket: str, pipeline: str, execution: Execution) -> str | None:
    """None once the lease is this execution's; else the ARN of the execution that holds it and still runs.

    An execution that already holds it (a retried CheckData) keeps it. Raises Throttled when the lease keeps changing
    hands under it.
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
    raise Throttled(f"s3://{bucket}/{key} keeps changing hands")


def require(run: Run) -> None:
    """Returns if the lease is still this run's; raises LeaseLost otherwise.

    A redriven execution goes on behind CheckData, under the ARN that it had:
    https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
    """
    held = s3.read(run["bucket"], _key(run["pipeline"]))
    holder = _holder(_lease(held.body)) if held else None
    if holder != run["execution_arn"]:
        raise LeaseLost(LEASE_TAKEN.format(holder=holder or "no execution"))


def _key(pipeline: str) -> str:
    return f"runs/{pipeline}/lease.json"


def _lease(body: bytes) -> Mapping[str, object]:
    """What the object says; nothing when it is no JSON object."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _holder(lease: Mapping[str, object]) -> str | None:
    """The execution that a lease names; None for anything but a lease, which nobody can hold."""
    holder = lease.get("execution_arn")
    return holder if isinstance(holder, str) and holder.startswith("arn:") else None


def _is_fresh(lease: Mapping[str, object], now: str) -> bool:
    """Whether the holder started so shortly before `now` that Step Functions may not have heard of it yet."""
    try:
        return parse_instant(now) - parse_instant(lease.get("started_at")) < UNHEARD_OF
    except ValueError:
        return False


def _runs(execution_arn: str, *, fresh: bool) -> bool:
    """Whether the execution has not closed. One that is unknown runs if it is `fresh`, and else was forgotten.

    DescribeExecution is eventually consistent, and executions are forgotten 90 days after they close.
    """
    try:
        status = clients.stepfunctions().describe_execution(executionArn=execution_arn)["status"]
    except ClientError as error:
        if code(error) == "ExecutionDoesNotExist":
            return fresh
        raise
    return status not in CLOSED

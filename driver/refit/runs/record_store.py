"""The runs of a pipeline, newest first: from the records that they wrote, and from Step Functions for those without.

A run that was stopped or has timed out writes no record, and one that goes on has written none yet. Records outlive
executions: Step Functions forgets a run 90 days after its end, S3 when the pipeline's retention says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from refit.aws import executions
from refit.aws.deployed import DeployedPipeline
from refit.aws.executions import ExecutionSummary
from refit.aws.session import calling
from refit.costs.job_cost import JobCost
from refit.costs.prices import PRICES, Prices
from refit.errors import NotFound
from refit.runs import record
from refit.runs.record import Record

AT_ONCE = 8
"""Calls that are made together: fewer than the connections that boto3 keeps open."""
EXECUTIONS = 1_000
"""Of how many of the newest runs Step Functions is asked: one page of its list."""
FILE = "record.json"


@dataclass(frozen=True)
class _Written:
    """A record that lies in the bucket, unread."""

    run: str
    at: datetime


@dataclass(frozen=True)
class Records:
    """What is known of the runs of one pipeline."""

    applied: DeployedPipeline
    tariff: JobCost

    @classmethod
    def of(cls, applied: DeployedPipeline, prices: Mapping[str, Prices] = PRICES) -> Records:
        """The runs of an applied pipeline, with their costs by `prices`, a table by region."""
        return cls(applied, JobCost.of(applied.pipeline, prices.get(applied.aws.region)))

    def newest(self, limit: int) -> list[Record]:
        """The newest runs, at most `limit`, in the order of their starts, the newest first. Raises AwsError."""
        written = {one.run: one for one in self._written()}
        others = executions.listed(self.applied.aws, self.applied.stack.state_machine_arn, EXECUTIONS)
        found: list[_Written | ExecutionSummary] = [
            *written.values(),
            *(one for one in others if one.name not in written),
        ]
        found.sort(key=lambda one: one.at if isinstance(one, _Written) else one.started_at, reverse=True)
        with ThreadPoolExecutor(AT_ONCE) as threads:
            read = list(threads.map(self._known, found[:limit]))
        return sorted((one for one in read if one), key=lambda one: one.started_at, reverse=True)

    def one(self, run: str) -> Record:
        """The run of that name or ARN. Raises NotFound, naming runs that there are, and AwsError."""
        arn = self.applied.run_arn(run)
        name = arn.rpartition(":")[2]
        if found := self._read(name):
            return found
        try:
            return record.from_execution(executions.state(self.applied.aws, arn), self.tariff)
        except NotFound:
            message = f"{self.applied.ref.key} has no run {name}, or it was forgotten"
            raise NotFound(message, self.applied.newest_runs()) from None

    def deployed(self) -> Iterator[Record]:
        """The runs that deployed a model, the newest first, read as they are asked for. Raises AwsError."""
        written = iter(sorted(self._written(), key=lambda one: one.at, reverse=True))
        with ThreadPoolExecutor(AT_ONCE) as threads:
            while batch := list(islice(written, AT_ONCE)):
                yield from (one for one in threads.map(self._known, batch) if one and one.deployed)

    def _known(self, found: _Written | ExecutionSummary) -> Record | None:
        """None for what has been deleted or forgotten since it was listed."""
        try:
            if isinstance(found, _Written):
                return self._read(found.run)
            return record.from_execution(executions.state(self.applied.aws, found.arn), self.tariff)
        except NotFound:
            return None

    def _read(self, run: str) -> Record | None:
        key = f"{self.applied.runs_prefix}{run}/{FILE}"
        try:
            with calling(f"read s3://{self.applied.stack.bucket}/{key}"):
                answer = self.applied.aws.s3.get_object(Bucket=self.applied.stack.bucket, Key=key)
                content, written_at = answer["Body"].read(), answer["LastModified"]
        except NotFound:
            return None
        return record.from_file(content, run, self.applied.run_arn(run), written_at, self.tariff)

    def _written(self) -> Iterator[_Written]:
        """Every record in the bucket, in S3's order."""
        prefix = self.applied.runs_prefix
        pages = self.applied.aws.s3.get_paginator("list_objects_v2")
        with calling(f"list s3://{self.applied.stack.bucket}/{prefix}"):
            for page in pages.paginate(Bucket=self.applied.stack.bucket, Prefix=prefix):
                for item in page.get("Contents", []):
                    run, _, file = item["Key"].removeprefix(prefix).partition("/")
                    if file == FILE:
                        yield _Written(run, item["LastModified"])

"""Reads the runs of a pipeline, newest first: from their records in S3, or from Step Functions if there is no record.

A run that was stopped or timed out writes no record, and a running one has not written it yet. Records outlive
executions: Step Functions deletes a run 90 days after its end, S3 keeps a record as long as the pipeline's retention.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from refit.aws import executions
from refit.aws.approval_wait import ApprovalWait
from refit.aws.deployed import DeployedPipeline
from refit.aws.executions import ExecutionSummary
from refit.aws.session import calling
from refit.costs.job_cost import JobCost
from refit.costs.prices import PRICES, Prices
from refit.errors import NotFound
from refit.runs import record
from refit.runs.record import Record

AT_ONCE = 8
"""How many calls are made concurrently: fewer than the connections that boto3 keeps open."""
EXECUTIONS = 1_000
"""How many recent executions to list: one page."""
FILE = "record.json"


@dataclass(frozen=True)
class _Written:
    """A record in the bucket that has not been read."""

    run: str
    at: datetime


@dataclass(frozen=True)
class Records:
    """The runs of one pipeline."""

    deployed_pipeline: DeployedPipeline
    job_cost: JobCost

    @classmethod
    def of(cls, deployed: DeployedPipeline, prices: Mapping[str, Prices] = PRICES) -> Records:
        """The runs of a pipeline, with their costs by `prices`, a table by region."""
        return cls(deployed, JobCost.of(deployed.pipeline, prices.get(deployed.aws.region)))

    def newest(self, limit: int) -> list[Record]:
        """The newest runs, at most `limit`, by their start times, the newest first. Raises AwsError."""
        written = {one.run: one for one in self._written()}
        others = executions.listed(
            self.deployed_pipeline.aws, self.deployed_pipeline.stack.state_machine_arn, EXECUTIONS
        )
        found: list[_Written | ExecutionSummary] = [
            *written.values(),
            *(one for one in others if one.name not in written),
        ]
        found.sort(key=lambda one: one.at if isinstance(one, _Written) else one.started_at, reverse=True)
        with ThreadPoolExecutor(AT_ONCE) as threads:
            read = list(threads.map(self._known, found[:limit]))
        return sorted((one for one in read if one), key=lambda one: one.started_at, reverse=True)

    def one(self, run: str) -> Record:
        """The run with that name or ARN. Raises NotFound, with the names of recent runs, and AwsError."""
        arn = self.deployed_pipeline.find_run(run)
        name = arn.rpartition(":")[2]
        if found := self._read(name):
            return found
        try:
            return self._of_execution(arn)
        except NotFound:
            message = f"{self.deployed_pipeline.ref.key}: no run {name} found (AWS keeps runs for 90 days)"
            raise NotFound(message, self.deployed_pipeline.newest_runs()) from None

    def deployed(self) -> Iterator[Record]:
        """The runs that deployed a model, the newest first, read lazily. Raises AwsError."""
        written = iter(sorted(self._written(), key=lambda one: one.at, reverse=True))
        with ThreadPoolExecutor(AT_ONCE) as threads:
            while batch := list(islice(written, AT_ONCE)):
                yield from (one for one in threads.map(self._known, batch) if one and one.deployed)

    def names(self) -> set[str]:
        """The names of all runs that have a record or an execution. Raises AwsError."""
        aws, state_machine = self.deployed_pipeline.aws, self.deployed_pipeline.stack.state_machine_arn
        started = executions.listed(aws, state_machine, EXECUTIONS)
        return {one.run for one in self._written()} | {one.name for one in started}

    def _known(self, found: _Written | ExecutionSummary) -> Record | None:
        """The record; None if it or its execution has been deleted since it was listed."""
        try:
            if isinstance(found, _Written):
                return self._read(found.run)
            return self._of_execution(found.arn)
        except NotFound:
            return None

    def _of_execution(self, arn: str) -> Record:
        """The run without a record, from its execution. Raises NotFound, AwsError."""
        state = executions.state(self.deployed_pipeline.aws, arn)
        return record.from_execution(state, self.job_cost, ApprovalWait.of(state, self.deployed_pipeline.pipeline))

    def _read(self, run: str) -> Record | None:
        key = f"{self.deployed_pipeline.runs_prefix}{run}/{FILE}"
        try:
            with calling(f"read s3://{self.deployed_pipeline.stack.bucket}/{key}"):
                answer = self.deployed_pipeline.aws.s3.get_object(Bucket=self.deployed_pipeline.stack.bucket, Key=key)
                content, written_at = answer["Body"].read(), answer["LastModified"]
        except NotFound:
            return None
        return record.from_file(content, run, self.deployed_pipeline.run_arn(run), written_at, self.job_cost)

    def _written(self) -> Iterator[_Written]:
        """Every record in the bucket, in the order of S3."""
        prefix = self.deployed_pipeline.runs_prefix
        pages = self.deployed_pipeline.aws.s3.get_paginator("list_objects_v2")
        with calling(f"list s3://{self.deployed_pipeline.stack.bucket}/{prefix}"):
            for page in pages.paginate(Bucket=self.deployed_pipeline.stack.bucket, Prefix=prefix):
                for item in page.get("Contents", []):
                    run, _, file = item["Key"].removeprefix(prefix).partition("/")
                    if file == FILE:
                        yield _Written(run, item["LastModified"])

"""`refit history PIPELINE [RUN]`: what the runs of a pipeline saw, did and decided. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refit.aws import endpoint
from refit.aws.deployed import DeployedPipeline
from refit.costs.prices import PRICES, Prices
from refit.project import PipelineRef
from refit.runs.history import History, metric, serves
from refit.runs.record import Record
from refit.runs.record_store import Records


def history(ref: PipelineRef, limit: int, prices: Mapping[str, Prices] = PRICES) -> History:
    """The newest runs, at most `limit`, the newest first.

    Raises NotFound when the pipeline is not applied; InvalidPipeline, CloudError and AwsError otherwise.
    """
    return of(DeployedPipeline.of(ref), limit, prices)


def of(applied: DeployedPipeline, limit: int, prices: Mapping[str, Prices] = PRICES) -> History:
    """The same of a pipeline that is known to be applied. Raises AwsError."""
    return _history(applied, Records.of(applied, prices).newest(limit))


def run(ref: PipelineRef, name: str, prices: Mapping[str, Prices] = PRICES) -> History:
    """The one run of that name or ARN. Raises NotFound when there is none, and what `history` raises."""
    applied = DeployedPipeline.of(ref)
    return _history(applied, [Records.of(applied, prices).one(name)])


def _history(applied: DeployedPipeline, runs: Sequence[Record]) -> History:
    live = endpoint.endpoint(applied.aws, applied.stack.endpoint)
    in_use = serves(live.config if live else None, runs)
    return History(applied.ref.key, tuple(runs), metric(applied.pipeline, runs), in_use)

"""Reads the history of a pipeline (`refit history`): its runs, the newest first, and which of them serves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refit.aws import endpoint
from refit.aws.deployed import DeployedPipeline
from refit.costs.prices import PRICES, Prices
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef
from refit.runs.record import Record
from refit.runs.record_store import Records

TELLING = ("validation:mse", "validation:binary_classification_accuracy", "validation:multiclass_accuracy")
"""The metrics that tell most of a model, the first that there is; a gate names its own."""


@dataclass(frozen=True)
class History:
    """The newest run first. `metric` is the one to compare runs by; `serves` the run whose deployment is in use.

    Each is None when there is none, or none of these.
    """

    pipeline: str
    runs: tuple[Record, ...]
    metric: str | None = None
    serves: str | None = None

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {
            "pipeline": self.pipeline,
            "metric": self.metric,
            "serves": self.serves,
            "runs": [run.document() for run in self.runs],
        }


def metric(pipeline: Pipeline, runs: Iterable[Record]) -> str | None:
    """The gate's metric, else the most telling one that a run has, else any; one of the held-out days before others."""
    if pipeline.gate:
        return pipeline.gate.metric
    known = sorted({name for run in runs for name in run.metrics}, key=lambda name: (":" not in name, name))
    held_out = [name for name in known if name.startswith("validation:")]
    return next((name for name in (*TELLING, *held_out, *known) if name in known), None)


def serves(config: str | None, runs: Iterable[Record]) -> str | None:
    """The run that made the endpoint config in use."""
    return next((run.run for run in runs if config and run.deployment.get("endpoint_config") == config), None)


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

"""Reads the history of a pipeline (`refit history`): its runs, the newest first, and which of them is live."""

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

MAIN_METRICS = ("validation:mse", "validation:binary_classification_accuracy", "validation:multiclass_accuracy")
"""The metrics that describe a model best, in order of preference; a gate names its own."""


@dataclass(frozen=True)
class History:
    """Runs, the newest first. `metric` is the metric to compare them by, `serves` the run whose deployment is live.

    Both are None if none of the runs has it.
    """

    pipeline: str
    runs: tuple[Record, ...]
    metric: str | None = None
    serves: str | None = None

    def document(self) -> dict[str, Any]:
        """The history as JSON values."""
        return {
            "pipeline": self.pipeline,
            "metric": self.metric,
            "serves": self.serves,
            "runs": [run.document() for run in self.runs],
        }


def metric(pipeline: Pipeline, runs: Iterable[Record]) -> str | None:
    """The metric to compare runs by: the gate's, else a main metric, else any metric that a run has.

    A validation metric is preferred.
    """
    if pipeline.gate:
        return pipeline.gate.metric
    known = sorted({name for run in runs for name in run.metrics}, key=lambda name: (":" not in name, name))
    held_out = [name for name in known if name.startswith("validation:")]
    return next((name for name in (*MAIN_METRICS, *held_out, *known) if name in known), None)


def serves(config: str | None, runs: Iterable[Record]) -> str | None:
    """The run that created the endpoint config in use."""
    return next((run.run for run in runs if config and run.deployment.get("endpoint_config") == config), None)


def history(ref: PipelineRef, limit: int, prices: Mapping[str, Prices] = PRICES) -> History:
    """The newest runs, at most `limit`, the newest first.

    Raises NotFound if the pipeline is not applied; InvalidPipeline, CloudError and AwsError otherwise.
    """
    return of(DeployedPipeline.of(ref), limit, prices)


def of(deployed: DeployedPipeline, limit: int, prices: Mapping[str, Prices] = PRICES) -> History:
    """Like `history`, for a pipeline that is known to be applied. Raises AwsError."""
    return _history(deployed, Records.of(deployed, prices).newest(limit))


def run(ref: PipelineRef, name: str, prices: Mapping[str, Prices] = PRICES) -> History:
    """The run with that name or ARN. Raises NotFound if it does not exist, and the errors of `history`."""
    deployed = DeployedPipeline.of(ref)
    return _history(deployed, [Records.of(deployed, prices).one(name)])


def _history(deployed: DeployedPipeline, runs: Sequence[Record]) -> History:
    live = endpoint.endpoint(deployed.aws, deployed.stack.endpoint)
    live_run = serves(live.config if live else None, runs)
    return History(deployed.ref.key, tuple(runs), metric(deployed.pipeline, runs), live_run)

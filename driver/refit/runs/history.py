"""Runs of one pipeline in their order, and which of them serves: plain values. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from refit.pipeline.model import Pipeline
from refit.runs.record import Record

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

"""Emulates SageMaker: training and processing jobs, models, endpoint configs, endpoints and invocations.

The package is a ministack service: `handle` answers requests, `get_state` and `load_persisted_state` preserve its state
across restarts, `reset` empties it. refit.embedded_cloud.instance emulates the ML instances.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

from refit.embedded_cloud.sagemaker import deployment, loaded_models, processing_jobs, store, training_jobs
from refit.embedded_cloud.sagemaker.api import handle

__all__ = ["get_state", "handle", "load_persisted_state", "records", "reset"]


def get_state() -> dict[str, Any]:
    """The state as JSON, including the artifacts of the models that endpoints have loaded, without ended jobs."""
    return store.dump()


def records() -> Iterator[tuple[str, Hashable, Callable[[], Any]]]:
    """The jobs that have ended: see refit.embedded_cloud.saved_state.services.Record."""
    return store.ended_jobs()


def load_persisted_state(data: dict[str, Any]) -> None:
    """Restores a saved state: endpoints serve again immediately, and anything that was in progress ends as failed."""
    store.restore(data)
    training_jobs.RUNS.resume()
    processing_jobs.RUNS.resume()
    deployment.resume()


def reset() -> None:
    """Stops the processes of all jobs and deletes all resources."""
    training_jobs.RUNS.end_all()
    processing_jobs.RUNS.end_all()
    loaded_models.clear()
    store.clear()

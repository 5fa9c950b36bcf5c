"""SageMaker on the embedded cloud: jobs that train, models, endpoint configs, and endpoints that answer.

The module is a service of ministack's: `handle` answers its requests, `get_state` and `load_persisted_state` keep it
over a restart, `reset` empties it. What AWS would run on machines of its own is in refit.embedded_cloud.instance.
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.sagemaker import deployment, loaded_models, store, training_jobs
from refit.embedded_cloud.sagemaker.api import handle

__all__ = ["get_state", "handle", "load_persisted_state", "reset"]


def get_state() -> dict[str, Any]:
    """Everything, as JSON: also the artifacts of the models that endpoints have loaded."""
    return store.dump()


def load_persisted_state(data: dict[str, Any]) -> None:
    """Takes up a saved state: endpoints serve again at once, and what was in progress ends as failed."""
    store.restore(data)
    training_jobs.settle()
    deployment.settle()


def reset() -> None:
    """Ends every training process and forgets everything."""
    training_jobs.end_all()
    loaded_models.clear()
    store.clear()

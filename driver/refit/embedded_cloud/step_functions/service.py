"""The ministack service: `handle` answers requests, the other functions save, restore and empty the state.

It is not the package itself, because whoever only evaluates or interprets needs no ministack.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

from refit.embedded_cloud.step_functions import runner, store
from refit.embedded_cloud.step_functions.api.dispatch import handle

__all__ = ["get_state", "handle", "load_persisted_state", "records", "reset"]


def get_state() -> dict[str, Any]:
    """The state machines, and the executions that can still change, as JSON."""
    return store.dump()


def records() -> Iterator[tuple[str, Hashable, Callable[[], Any]]]:
    """The executions that have ended: see refit.embedded_cloud.saved_state.services.Record."""
    return store.records()


def load_persisted_state(data: dict[str, Any]) -> None:
    """Restores a saved state; executions that were running end as failed."""
    store.restore(data)
    runner.resume()


def reset() -> None:
    """Ends every execution and deletes everything."""
    runner.end_all()
    store.clear()

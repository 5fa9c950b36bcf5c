"""Runs the branches of a Parallel, or the iterations of a Map, each in a thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import DATA_LIMIT_EXCEEDED, RUNTIME, StatesError
from refit.embedded_cloud.step_functions.interpreter.interruption import Interrupted, Interruption
from refit.embedded_cloud.step_functions.interpreter.visit import Visit
from refit.embedded_cloud.step_functions.interpreter.walk import Walk

log = logging.getLogger("refit")

ABORTED = frozenset({"Task", "Wait", "Map", "Parallel"})
"""The types of states that have an event <Type>StateAborted."""


@dataclass
class Branch:
    """A branch that has begun: its place, its walk, and its input."""

    index: int
    walk: Walk
    input: Any


class Branches:
    """The branches 0 to `count` - 1 of a visit to a Parallel or Map state, at most `limit` at a time.

    The first branch that fails stops the others.
    """

    def __init__(self, visit: Visit, count: int, limit: int) -> None:
        self.visit, self._limit = visit, limit
        self._before = {} if visit.retry_count else visit.branches
        self._outputs = {int(index): done["output"] for index, done in self._before.items() if "output" in done}
        self._waiting = [index for index in range(count) if index not in self._outputs]
        self._begun: list[Branch] = []
        self._error: StatesError | None = None
        self._last = visit.walk.previous
        self._lock = threading.Lock()

    def begin(self, index: int, interruption: Interruption, previous: int) -> Branch:
        """Begins a branch after the event `previous`."""
        raise NotImplementedError

    def succeeded(self, branch: Branch) -> int:
        """Adds what the history says of its end; returns the event that the end of the state follows."""
        return branch.walk.previous

    def aborted(self, branch: Branch, failed: bool) -> None:
        """Adds what the history says of a branch that `failed`, or that was stopped because another one had failed."""

    def run(self) -> list[Any]:
        """The outputs of all branches, by index. Raises StatesError of the first that failed, and Interrupted."""
        self.visit.started = True
        with self.visit.walk.interruption.below() as interruption:
            try:
                first = [self._next(interruption, self._last) for _ in self._waiting[: self._limit]]
                self.visit.engine.clock.gather([self._work(branch, interruption) for branch in first])
            except StatesError as error:
                self._error = error
            finally:
                self.visit.branches = self._remembered()
        self.visit.walk.interruption.check()
        self.visit.walk.previous = self._last
        if self._error is not None:
            self._abort()
            raise self._error
        self.visit.add(f"{self.visit.state['Type']}StateSucceeded", follow=False)
        self.visit.started = False
        return [self._outputs[index] for index in sorted(self._outputs)]

    def _abort(self) -> None:
        """Adds the events of the branches that did not succeed, the one that failed before the others.

        For each the event of the branch, then that of the state that was not left: the order of LocalStack's recording
        test_timeouts::test_service_lambda_map_timeout.
        """
        for place, branch in enumerate(branch for branch in self._begun if branch.index not in self._outputs):
            self.aborted(branch, place == 0)
            state = branch.walk.visit.state["Type"] if branch.walk.visit else None
            if state in ABORTED:
                self.visit.add(f"{state}StateAborted", follow=False)

    def _next(self, interruption: Interruption, previous: int) -> Branch | None:
        with self._lock:
            if not self._waiting:
                return None
            branch = self.begin(self._waiting.pop(0), interruption, previous)
            self._begun.append(branch)
            return branch

    def _work(self, first: Branch | None, interruption: Interruption) -> Callable[[], None]:
        """The work of a thread: branches, one after the other, until none is left or one fails."""

        def work() -> None:
            branch = first
            while branch is not None:
                branch = self._finish(branch, interruption)

        return work

    def _finish(self, branch: Branch, interruption: Interruption) -> Branch | None:
        """Runs a branch to its end, and begins the next."""
        try:
            output = self._execute(branch)
            with self._lock:
                interruption.check()
                self._last = self.succeeded(branch)
                self._outputs[branch.index] = output
            return self._next(interruption, branch.walk.previous)
        except Interrupted:
            return None
        except StatesError as error:
            self._fail(branch, error)
        except Exception as error:
            log.exception("branch %d of state %s broke", branch.index, self.visit.name)
            self._fail(branch, StatesError(RUNTIME, repr(error)))
        interruption.set()
        return None

    def _execute(self, branch: Branch) -> Any:
        before = self._before.get(str(branch.index))
        return branch.walk.resume(before["position"]) if before else branch.walk.execute(branch.input)

    def _fail(self, branch: Branch, error: StatesError) -> None:
        with self._lock:
            if self._error is None:
                self._error = error
                self._last = branch.walk.previous
                self._begun.remove(branch)
                self._begun.insert(0, branch)

    def _remembered(self) -> dict[str, Any]:
        """What a redrive needs not run again; after States.DataLimitExceeded it runs all branches.

        https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
        """
        if self._error is not None and self._error.error == DATA_LIMIT_EXCEEDED:
            return {}
        places = {branch.index: branch.walk.position for branch in self._begun if branch.index not in self._outputs}
        left = {str(index): {"position": position} for index, position in places.items() if position is not None}
        return {str(index): {"output": output} for index, output in self._outputs.items()} | left

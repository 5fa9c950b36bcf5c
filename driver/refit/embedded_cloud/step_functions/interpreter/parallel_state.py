"""The Parallel state.

https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions.interpreter.branches import Branch, Branches
from refit.embedded_cloud.step_functions.interpreter.interruption import Interruption
from refit.embedded_cloud.step_functions.interpreter.recovery import recover
from refit.embedded_cloud.step_functions.interpreter.visit import Outcome, Visit
from refit.embedded_cloud.step_functions.interpreter.walk import Walk


def parallel(visit: Visit) -> Outcome:
    """Runs all branches with the same input; the result is the list of their outputs."""
    return recover(visit, lambda: _attempt(visit))


def _attempt(visit: Visit) -> Outcome:
    value = visit.evaluate(visit.flow.arguments, visit.state, visit.scope())
    visit.add("ParallelStateStarted")
    return visit.outcome(_ParallelBranches(visit, value).run())


class _ParallelBranches(Branches):
    def __init__(self, visit: Visit, value: Any) -> None:
        self._definitions = visit.state["Branches"]
        super().__init__(visit, len(self._definitions), len(self._definitions))
        self._input = value

    def begin(self, index: int, interruption: Interruption, previous: int) -> Branch:
        engine, outer = self.visit.engine, self.visit.walk
        definition = self._definitions[index]
        walk = Walk(engine, outer.kinds, definition, interruption, previous, outer.variables, outer.item)
        return Branch(index, walk, self._input)

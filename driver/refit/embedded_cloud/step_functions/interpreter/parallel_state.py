"""The Parallel state.

https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
"""

from __future__ import annotations

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.interpreter.branches import Branch, Branches
from refit.embedded_cloud.step_functions.interpreter.interruption import Interruption
from refit.embedded_cloud.step_functions.interpreter.recovery import recover
from refit.embedded_cloud.step_functions.interpreter.visit import Outcome, Visit
from refit.embedded_cloud.step_functions.interpreter.walk import Walk


def parallel(visit: Visit) -> Outcome:
    """Runs all branches with the same input; the result is the list of their outputs."""
    return recover(visit, lambda: _attempt(visit), lambda: _given_up(visit))


def _attempt(visit: Visit) -> Outcome:
    value = visit.evaluate(visit.flow.arguments, visit.state, visit.scope())
    definitions = visit.state["Branches"]

    def begin(index: int, interruption: Interruption, previous: int) -> Branch:
        outer = visit.walk
        walk = Walk(visit.engine, outer.kinds, definitions[index], interruption, previous, outer.variables, outer.item)
        return Branch(index, walk, value)

    visit.add("ParallelStateStarted")
    branches = Branches(visit, len(definitions), len(definitions), begin, lambda branch: branch.walk.previous)
    visit.started = True
    try:
        results = branches.run()
    except StatesError:
        branches.abort(lambda branch, failed: None)
        raise
    visit.add("ParallelStateSucceeded", follow=False)
    visit.started = False
    return visit.outcome(results)


def _given_up(visit: Visit) -> None:
    if visit.started:
        visit.add("ParallelStateFailed")

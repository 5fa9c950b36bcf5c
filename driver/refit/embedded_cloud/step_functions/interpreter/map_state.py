"""The Map state in inline mode. Distributed mode exists on AWS only.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
"""

from __future__ import annotations

from refit.embedded_cloud.step_functions.evaluation.errors import RUNTIME, StatesError
from refit.embedded_cloud.step_functions.interpreter.branches import Branch, Branches
from refit.embedded_cloud.step_functions.interpreter.interruption import Interruption
from refit.embedded_cloud.step_functions.interpreter.recovery import recover
from refit.embedded_cloud.step_functions.interpreter.visit import Outcome, Visit
from refit.embedded_cloud.step_functions.interpreter.walk import Walk

MOST_CONCURRENT = 40
"""An inline Map runs at most 40 iterations at a time.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
"""


TOLERATED = ("ToleratedFailureCount", "ToleratedFailurePercentage")
"""Evaluated in inline mode too, where a value that is no number fails the state once started (LocalStack's recording
test_base_scenarios::test_map_state_tolerated_failure_count_path); but failures are tolerated in distributed mode only.
"""


def map_state(visit: Visit) -> Outcome:
    """Runs the ItemProcessor once for each item; the result is the list of the outputs."""
    return recover(visit, lambda: _attempt(visit), lambda: _given_up(visit))


def _attempt(visit: Visit) -> Outcome:
    processor = visit.state.get("ItemProcessor") or visit.state["Iterator"]
    if processor.get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED":
        raise StatesError(
            RUNTIME,
            f"The state '{visit.name}' is a Map in DISTRIBUTED mode, which runs on AWS only; write Mode INLINE to run"
            " it on the embedded cloud.",
        )
    scope = visit.scope()
    items = visit.evaluate(visit.flow.items, visit.state, scope)
    visit.add("MapStateStarted", {"mapStateStartedEventDetails": {"length": len(items)}})
    wanted = visit.whole_number("MaxConcurrency", scope) or MOST_CONCURRENT
    for member in TOLERATED:
        visit.evaluate(visit.flow.number, visit.state, member, scope)

    def begin(index: int, interruption: Interruption, previous: int) -> Branch:
        value = visit.evaluate(visit.flow.item_input, visit.state, scope, index, items[index])
        event = _event(visit, "Started", index, previous)
        item = {"Index": index, "Value": items[index]}
        outer = visit.walk
        walk = Walk(visit.engine, outer.kinds, processor, interruption, event, outer.variables, item)
        return Branch(index, walk, value)

    def succeeded(branch: Branch) -> int:
        return _event(visit, "Succeeded", branch.index, branch.walk.previous)

    def aborted(branch: Branch, failed: bool) -> None:
        _event(visit, "Failed" if failed else "Aborted", branch.index, visit.walk.previous)

    branches = Branches(visit, len(items), min(wanted, MOST_CONCURRENT), begin, succeeded)
    visit.started = True
    try:
        results = branches.run()
    except StatesError:
        branches.abort(aborted)
        raise
    visit.add("MapStateSucceeded", follow=False)
    visit.started = False
    return visit.outcome(results)


def _event(visit: Visit, end: str, index: int, previous: int) -> int:
    details = {f"mapIteration{end}EventDetails": {"name": visit.name, "index": index}}
    return visit.engine.history.add(f"MapIteration{end}", previous, details)


def _given_up(visit: Visit) -> None:
    if visit.started:
        visit.add("MapStateFailed")

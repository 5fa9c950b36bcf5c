"""The Map state in inline mode. Distributed mode exists on AWS only.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
"""

from __future__ import annotations

from typing import Any

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
    return recover(visit, lambda: _attempt(visit))


def _attempt(visit: Visit) -> Outcome:
    if _processor(visit).get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED":
        raise StatesError(
            RUNTIME,
            f"The state '{visit.name}' is a Map in DISTRIBUTED mode, which runs on AWS only; write Mode INLINE to run"
            " it on the embedded cloud.",
        )
    scope = visit.scope()
    items = visit.evaluate(visit.flow.items, visit.state, scope)
    wanted = visit.whole_number("MaxConcurrency", scope) or MOST_CONCURRENT
    visit.add("MapStateStarted", {"mapStateStartedEventDetails": {"length": len(items)}})
    for member in TOLERATED:
        visit.evaluate(visit.flow.number, visit.state, member, scope)
    return visit.outcome(_Iterations(visit, items, min(wanted, MOST_CONCURRENT)).run())


def _processor(visit: Visit) -> Any:
    return visit.state.get("ItemProcessor") or visit.state["Iterator"]


class _Iterations(Branches):
    def __init__(self, visit: Visit, items: list[Any], limit: int) -> None:
        super().__init__(visit, len(items), limit)
        self._items = items
        self._scope = visit.scope()

    def begin(self, index: int, interruption: Interruption, previous: int) -> Branch:
        visit, item = self.visit, self._items[index]
        value = visit.evaluate(visit.flow.item_input, visit.state, self._scope, index, item)
        event = self._event("Started", index, previous)
        processor, outer, about = _processor(visit), visit.walk, {"Index": index, "Value": item}
        walk = Walk(visit.engine, outer.kinds, processor, interruption, event, outer.variables, about)
        return Branch(index, walk, value)

    def succeeded(self, branch: Branch) -> int:
        return self._event("Succeeded", branch.index, branch.walk.previous)

    def aborted(self, branch: Branch, failed: bool) -> None:
        self._event("Failed" if failed else "Aborted", branch.index, self.visit.walk.previous)

    def _event(self, end: str, index: int, previous: int) -> int:
        details = {f"mapIteration{end}EventDetails": {"name": self.visit.name, "index": index}}
        return self.visit.engine.history.add(f"MapIteration{end}", previous, details)

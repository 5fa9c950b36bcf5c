"""Retry and Catch of a Task, Parallel or Map state.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from collections.abc import Callable

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.interpreter.error_names import matches
from refit.embedded_cloud.step_functions.interpreter.retry import Retriers
from refit.embedded_cloud.step_functions.interpreter.visit import Outcome, Visit


def recover(visit: Visit, attempt: Callable[[], Outcome]) -> Outcome:
    """Calls `attempt` until it succeeds, no retrier matches its error, or the retrier's attempts are used up.

    Then the first catcher that matches decides the outcome. Raises StatesError if none does.
    """
    retriers = Retriers(visit.state.get("Retry", ()), visit.engine.rng)
    while True:
        try:
            return attempt()
        except StatesError as error:
            delay = retriers.delay(error)
            if delay is None:
                if visit.started:
                    visit.add(f"{visit.state['Type']}StateFailed")
                return _caught(visit, error)
        visit.retry_count += 1
        visit.wait(delay)


def _caught(visit: Visit, error: StatesError) -> Outcome:
    for number, catcher in enumerate(visit.state.get("Catch", ())):
        if matches(catcher["ErrorEquals"], error):
            # A missing name or cause is an empty text here, while DescribeExecution has none.
            scope = visit.scope(error_output={"Error": error.error or "", "Cause": error.cause or ""})
            assigned = visit.evaluate(visit.flow.assigned, catcher, scope, f"Catch[{number}]")
            output = visit.evaluate(visit.flow.caught, visit.state, catcher, scope, f"Catch[{number}]")
            return visit.ended(output, catcher["Next"], assigned)
    raise error

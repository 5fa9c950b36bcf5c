"""The states that do nothing outside of the execution: Pass, Choice, Wait, Succeed and Fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

from refit.embedded_cloud.step_functions.evaluation import timestamps
from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.evaluation.scope import ABSENT
from refit.embedded_cloud.step_functions.interpreter.visit import Outcome, Visit


def pass_state(visit: Visit) -> Outcome:
    """https://docs.aws.amazon.com/step-functions/latest/dg/state-pass.html"""
    return visit.outcome(_result_of_pass(visit))


def _result_of_pass(visit: Visit) -> Any:
    if "Result" in visit.state:
        return visit.state["Result"]
    if visit.flow.language == "JSONPath":
        return visit.evaluate(visit.flow.arguments, visit.state, visit.scope())
    return ABSENT


def choice(visit: Visit) -> Outcome:
    """A rule's Output and Assign count if it matches, those of the state if none does.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
    """
    scope, state = visit.scope(), visit.state
    inside = replace(scope, input=visit.evaluate(visit.flow.effective_input, state, scope))
    for number, rule in enumerate(state["Choices"]):
        place = f"Choices[{number}]"
        if visit.evaluate(visit.flow.matches, rule, inside, place):
            assigned = visit.evaluate(visit.flow.assigned, rule, inside, place)
            if visit.flow.language == "JSONata":
                output = visit.evaluate(visit.flow.output, rule, scope, place)
            else:
                output = visit.evaluate(visit.flow.output, state, scope)
            return visit.ended(output, rule["Next"], assigned)
    if "Default" not in state:  # the cause is what users of AWS report; no recording has it
        visit.fail(
            "States.NoChoiceMatched",
            "Failed to transition out of the state. The state does not point to a next state.",
        )
    return replace(visit.outcome(), next=state["Default"])


def wait(visit: Visit) -> Outcome:
    """https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html"""
    scope = visit.scope()
    if "Timestamp" in visit.state or "TimestampPath" in visit.state:
        timestamp = visit.evaluate(visit.flow.text, visit.state, "Timestamp", scope)
        seconds = _until(timestamp, visit.engine.clock.now())
    else:
        seconds = visit.whole_number("Seconds", scope) or 0
    visit.wait(seconds)
    return visit.outcome()


def _until(timestamp: str | None, now: datetime) -> float:
    instant = timestamps.parse(timestamp)
    if instant is None:
        raise ValueError(f"{timestamp} is no timestamp")  # the definition, or the evaluation, refuses it
    second, nanoseconds = instant
    return (second - now).total_seconds() + nanoseconds / 1e9


def succeed(visit: Visit) -> Outcome:
    """https://docs.aws.amazon.com/step-functions/latest/dg/state-succeed.html"""
    return visit.outcome()


def fail(visit: Visit) -> NoReturn:
    """https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html"""
    scope = visit.scope()
    error = visit.evaluate(visit.flow.text, visit.state, "Error", scope)
    raise StatesError(error, visit.evaluate(visit.flow.text, visit.state, "Cause", scope))

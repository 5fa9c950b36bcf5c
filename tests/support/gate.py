"""Gates in state machines: a run waits at a gate until the test opens it, so that tests do not depend on timing."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, Queue
from threading import Thread
from typing import Any, TypeVar

from refit.aws.session import Aws
from tests.support.waiting import WAIT_SECONDS, until

Result = TypeVar("Result")
OPEN, CLOSED = "open", "closed"


def gate(name: str, then: str) -> dict[str, Any]:
    """The states of a gate that begins with the state `name` and leads to the state `then`."""
    return {
        name: {
            "Type": "Task",
            "QueryLanguage": "JSONata",
            "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
            "Arguments": {"Name": "{% '/gates/' & $states.context.StateMachine.Name %}"},
            "Output": "{% $merge([$states.input, {'gate': $states.result.Parameter.Value}]) %}",
            "Next": f"{name}Branch",
        },
        f"{name}Branch": {
            "Type": "Choice",
            "QueryLanguage": "JSONata",
            "Choices": [{"Condition": f"{{% $states.input.gate = '{OPEN}' %}}", "Next": then}],
            "Default": f"{name}Wait",
        },
        f"{name}Wait": {"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": 1, "Next": name},
    }


class Gate:
    """The gate of one state machine, which all of its runs share. It is open initially."""

    def __init__(self, aws: Aws, state_machine: str) -> None:
        self._aws, self._parameter = aws, f"/gates/{state_machine}"
        self.open()

    def open(self) -> None:
        self._set(OPEN)

    def close(self) -> None:
        self._set(CLOSED)

    def _set(self, value: str) -> None:
        self._aws.ssm.put_parameter(Name=self._parameter, Value=value, Type="String", Overwrite=True)

    def open_once(self, seen: Callable[[], bool]) -> None:
        """Opens the gate, in a thread, as soon as `seen` returns true, while the test waits for a run."""

        def run() -> None:
            until(seen)
            self.open()

        Thread(target=run, daemon=True).start()


def within_bound(call: Callable[[], Result]) -> Result:
    """Returns the result of `call`; fails if it has not returned after WAIT_SECONDS."""
    results: Queue[Result | BaseException] = Queue()

    def run() -> None:
        try:
            results.put(call())
        except BaseException as error:
            results.put(error)

    Thread(target=run, daemon=True).start()
    try:
        result = results.get(timeout=WAIT_SECONDS)
    except Empty:
        raise AssertionError("the call that the test waits for has not returned") from None
    if isinstance(result, BaseException):
        raise result
    return result

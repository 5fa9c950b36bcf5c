"""An execution that starts right after an update of its state machine may use the definition from before."""

from __future__ import annotations

from refit.embedded_cloud.step_functions.store import StateMachine
from refit.embedded_cloud.strict.chance import Chance
from refit.embedded_cloud.strict.definitions import SECONDS, LateDefinitions
from refit.embedded_cloud.strict.visibility import Changes


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def started(share: float, at: float) -> str:
    """The definition with which an execution starts `at` seconds after two updates, the last of them to "new"."""
    clock = Clock()
    late = LateDefinitions(Chance("definitions", share), Changes(SECONDS, clock))
    machine = StateMachine(
        arn="arn",
        name="name",
        definition="old",
        role_arn="role",
        created=0.0,
        updated=0.0,
        logging={},
        tracing={},
        encryption={},
    )
    for definition in ("between", "new"):
        late.on_update(lambda _: None, machine)
        machine.definition = definition
    clock.now = at
    return late.started(lambda current: current, machine).definition


def test_it_uses_the_definition_that_is_visible_then() -> None:
    assert started(1, 0.0) == "old"
    assert started(1, SECONDS) == "new"


def test_another_execution_uses_the_new_one_at_once() -> None:
    assert started(0, 0.0) == "new"

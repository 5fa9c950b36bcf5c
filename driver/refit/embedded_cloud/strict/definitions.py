"""Step Functions: an execution may start with the definition and role from before an update.

"Executions started immediately after calling UpdateStateMachine may use the previous state machine definition and
roleArn": https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from refit.embedded_cloud.ministack_patches.patching import Patch
from refit.embedded_cloud.step_functions.store import StateMachine
from refit.embedded_cloud.strict.chance import Chance
from refit.embedded_cloud.strict.visibility import Changes

SECONDS = 0.5
SHARE = 0.5


class LateDefinitions:
    """The updates that some executions do not see yet."""

    def __init__(self, late: Chance, changes: Changes) -> None:
        self._late, self._changes = late, changes

    def on_update(self, original: Callable[[StateMachine], None], machine: StateMachine) -> None:
        """The patch of `on_update`: remembers the state machine as it is before the update."""
        original(machine)
        self._changes.record(machine.arn, dataclasses.replace(machine))

    def started(self, original: Callable[[StateMachine], StateMachine], machine: StateMachine) -> StateMachine:
        """The patch of `started`: for some executions, the state machine as it was before the update."""
        seen: StateMachine | object = self._changes.seen(machine.arn)
        if isinstance(seen, StateMachine) and self._late.occurs():
            return dataclasses.replace(seen)
        return original(machine)


def install() -> None:
    """Wraps the start of executions and the update of state machines."""
    late = LateDefinitions(Chance("definitions", SHARE), Changes(SECONDS))
    module = "refit.embedded_cloud.step_functions.api.state_machines"
    Patch(module, "on_update", late.on_update).apply()
    Patch(module, "started", late.started).apply()

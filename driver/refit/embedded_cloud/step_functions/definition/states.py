"""Checks one state: its fields, its query language, and what its type asks for."""

from __future__ import annotations

from refit.embedded_cloud.step_functions.definition import checks
from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostics, schema
from refit.embedded_cloud.step_functions.definition.expressions import check_expressions
from refit.embedded_cloud.step_functions.definition.forms import Place, check_form, other_language
from refit.embedded_cloud.step_functions.definition.resources import MachineType, check_task
from refit.embedded_cloud.step_functions.definition.scopes import Language, State
from refit.embedded_cloud.step_functions.definition.state_forms import STATES, TYPES


def check_state(state: State, machine: Language, machine_type: MachineType) -> Diagnostics:
    """What is wrong with a state of a machine of the query language `machine`."""
    if "Type" not in state.fields:
        yield schema("These fields are required: [Type]", state.location)
        return
    form = STATES.get(state.type) if isinstance(state.type, str) else None
    if form is None:
        yield from checks.one_of(*TYPES)(state.type, Place(state.location, "Type", state.language))
        return
    found = check_form(state.fields, form, state.location, state.language)
    if machine == "JSONata" and state.language == "JSONPath":
        # AWS says this instead of naming the fields of the other language: floci-io/floci#2968.
        yield schema(
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", state.location
        )
        fields = {other_language(name, "JSONPath") for name in state.fields}
        yield from (one for one in found if one.message not in fields)
    else:
        yield from found
    if state.type == "Task":
        yield from check_task(state, machine_type)
        yield from _heartbeat(state)
    if state.type == "Map" and machine_type == "EXPRESS":
        yield from _inline(state)
    yield from check_expressions(state)


def _heartbeat(state: State) -> Diagnostics:
    """https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html: below TimeoutSeconds."""
    heartbeat, timeout = state.fields.get("HeartbeatSeconds"), state.fields.get("TimeoutSeconds")
    if isinstance(heartbeat, int) and isinstance(timeout, int) and heartbeat >= timeout:
        yield schema("HeartbeatSeconds must be smaller than TimeoutSeconds", f"{state.location}/HeartbeatSeconds")


def _inline(state: State) -> Diagnostics:
    for field in ("ItemProcessor", "Iterator"):
        processor = state.fields.get(field)
        config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
        if isinstance(config, dict) and config.get("Mode") == "DISTRIBUTED":
            words = "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines"
            yield schema(words, f"{state.location}/{field}/ProcessorConfig/Mode")

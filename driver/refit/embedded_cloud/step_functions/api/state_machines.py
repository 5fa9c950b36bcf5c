"""Implements CreateStateMachine, UpdateStateMachine, DescribeStateMachine, DeleteStateMachine and ListStateMachines."""

from __future__ import annotations

import dataclasses
import time
import uuid
from typing import Any

from refit.embedded_cloud.aws_json.errors import ApiError
from refit.embedded_cloud.step_functions import arns, definition, names, runner, store
from refit.embedded_cloud.step_functions.api import pagination, role, settings_of_machines, tags
from refit.embedded_cloud.step_functions.errors import machine_deleting, machine_exists, no_machine
from refit.embedded_cloud.step_functions.store import StateMachine

Json = dict[str, Any]

ACTIVE, DELETING = "ACTIVE", "DELETING"
NOTHING_TO_UPDATE = (
    "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified"
)


def create(request: Json) -> Json:
    """Creates a state machine. A repeated request returns the existing one, whatever its role and tags.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
    """
    now = time.time()
    machine = StateMachine(
        arn=arns.machine_arn(names.check(request["name"])),
        name=request["name"],
        definition=request["definition"],
        role_arn=request["roleArn"],
        created=now,
        updated=now,
        logging=settings_of_machines.logging(request.get("loggingConfiguration")),
        tracing=settings_of_machines.tracing(request.get("tracingConfiguration")),
        encryption=settings_of_machines.encryption(request.get("encryptionConfiguration")),
        tags=tags.of(request.get("tags", ())),
    )
    _check_kind(request)
    _check_definition(machine.definition)
    if (existing := _existing(machine)) is None:
        role.check(machine.role_arn, machine.arn, machine.definition, machine.logging)
    with store.lock:
        existing = _existing(machine)
        if existing is None:
            store.machines[machine.arn] = existing = machine
    return {"stateMachineArn": existing.arn, "creationDate": existing.created}


def update(request: Json) -> Json:
    """Updates a state machine; running executions keep the definition and the role that they started with.

    The revision changes only if something changes (recorded: test_create_update_state_machine_same_parameters).
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
    """
    machine = active(request["stateMachineArn"])
    updatable = ("definition", "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration")
    if not any(request.get(member) for member in updatable):
        raise ApiError("MissingRequiredParameter", NOTHING_TO_UPDATE)
    _check_kind(request)
    new = {
        "definition": request.get("definition", machine.definition),
        "role_arn": request.get("roleArn", machine.role_arn),
        "logging": machine.logging,
        "tracing": machine.tracing,
        "encryption": machine.encryption,
    }
    for member in ("logging", "tracing", "encryption"):
        if request.get(f"{member}Configuration"):
            new[member] = getattr(settings_of_machines, member)(request[f"{member}Configuration"])
    if "definition" in request:
        _check_definition(request["definition"])
    role.check(new["role_arn"], machine.arn, new["definition"], new["logging"])
    with store.lock:
        machine = active(machine.arn)
        on_update(machine)
        machine.updated = time.time()
        if any(getattr(machine, member) != value for member, value in new.items()):
            machine.revision_id = str(uuid.uuid4())
        for member, value in new.items():
            setattr(machine, member, value)
        return {"updateDate": machine.updated, **_revision(machine)}


def on_update(machine: StateMachine) -> None:
    """Called before a state machine changes. Strict mode remembers what it was."""


def describe(request: Json) -> Json:
    """https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html"""
    with store.lock:
        machine = existing_machine(request["stateMachineArn"])
        return {
            "stateMachineArn": machine.arn,
            "name": machine.name,
            "status": machine.status,
            "definition": machine.definition if _all_data(request) else "{}",
            "roleArn": machine.role_arn,
            "type": "STANDARD",
            "creationDate": machine.created,
            **configurations(machine),
        }


def delete(request: Json) -> Json:
    """Deletes a state machine once its executions have ended. One that does not exist is deleted already.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
    """
    arn = arns.check(request["stateMachineArn"], arns.MACHINE)
    with store.lock:
        machine = store.machines.get(arn)
        if machine is None or machine.status == DELETING:
            return {}
        if not any(each.is_running for each in store.executions_of(arn)):
            store.remove(machine)
            return {}
        machine.status = DELETING
    runner.stop_at_the_next_transition(machine)
    return {}


def list_(request: Json) -> Json:
    """The state machines by name (recorded: test_list_sms_pagination).

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachines.html
    """
    with store.lock:
        prefix = arns.machine_arn("")
        found = sorted(arn for arn in store.machines if arn.startswith(prefix))
        return pagination.page(found, request, "stateMachines", lambda arn: _summary(store.machines[arn]))


def existing_machine(arn: str) -> StateMachine:
    """The state machine with this ARN. Raises ApiError InvalidArn or StateMachineDoesNotExist."""
    machine = store.machines.get(arns.check(arn, arns.MACHINE))
    if machine is None:
        raise no_machine(arn)
    return machine


def started(machine: StateMachine) -> StateMachine:
    """The definition and settings with which an execution starts now: a copy. Strict mode may return a previous one."""
    with store.lock:
        return dataclasses.replace(machine)


def active(arn: str) -> StateMachine:
    """The state machine with this ARN, if it is not being deleted. Raises ApiError."""
    machine = existing_machine(arn)
    if machine.status == DELETING:
        raise machine_deleting(arn)
    return machine


def configurations(machine: StateMachine) -> Json:
    """The members that describe the settings; revisionId exists from the first update on."""
    return {
        "loggingConfiguration": machine.logging,
        "tracingConfiguration": machine.tracing,
        "encryptionConfiguration": machine.encryption,
        **_revision(machine),
    }


def _revision(machine: StateMachine) -> Json:
    return {"revisionId": machine.revision_id} if machine.revision_id else {}


def _all_data(request: Json) -> bool:
    return bool(request.get("includedData", "ALL_DATA") == "ALL_DATA")


def _summary(machine: StateMachine) -> Json:
    return {
        "stateMachineArn": machine.arn,
        "name": machine.name,
        "type": "STANDARD",
        "creationDate": machine.created,
    }


def _existing(machine: StateMachine) -> StateMachine | None:
    """The existing state machine that `machine` repeats; None if there is none. Raises ApiError for another."""
    existing = store.machines.get(machine.arn)
    if existing is None:
        return None
    if existing.status == DELETING:
        raise machine_deleting(machine.arn)
    compared = ("definition", "logging", "tracing", "encryption")
    if any(getattr(existing, member) != getattr(machine, member) for member in compared):
        raise machine_exists(machine.arn)
    return existing


def _check_kind(request: Json) -> None:
    """Raises ApiError for what only AWS has: EXPRESS workflows, and versions."""
    if request.get("type", "STANDARD") != "STANDARD":
        raise ApiError("StateMachineTypeNotSupported", "the embedded cloud runs state machines of type STANDARD only")
    if request.get("publish"):
        raise ApiError("ValidationException", "the embedded cloud has no versions of state machines; omit publish")


def _check_definition(text: str) -> None:
    problems = [each for each in definition.check(text) if each.severity == "ERROR"]
    if problems:
        raise ApiError("InvalidDefinition", definition.invalid_definition_message(problems))

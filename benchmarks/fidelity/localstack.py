"""Executions that LocalStack recorded on AWS, run on the embedded cloud: every event of the history must be the same.

Names of resources, times and the places of errors in a definition's text are not compared.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.fidelity import recordings, world
from benchmarks.fidelity.suite import Case, compared, folder_of

NAME = "localstack"
HOW = "a checkout of LocalStack: git clone https://github.com/localstack/localstack"
TEXTS = ("input", "output", "parameters", "result", "context")
"""Members that are JSON text in an answer; LocalStack records what the text says."""
IGNORED = ("timestamp", "roleArn", "RoleArn", "StartTime", "EnteredTime")
SECONDS = 60


def run() -> Iterator[Case]:
    checkout = folder_of("LOCALSTACK", HOW)
    with world.embedded_cloud() as cloud:
        world.fill(cloud)
        states = world.client(cloud, "stepfunctions")
        for number, recording in enumerate(recordings.find(checkout)):
            yield compared(recording.name, lambda: _difference(states, f"recorded-{number}", recording))  # noqa: B023


def _difference(states: Any, name: str, recording: recordings.Recording) -> str | None:
    given = recording.events[0]["executionStartedEventDetails"].get("input", {})
    machine = states.create_state_machine(name=name, definition=recording.definition, roleArn=world.ROLE)
    run = states.start_execution(stateMachineArn=machine["stateMachineArn"], input=json.dumps(given))["executionArn"]
    deadline = time.monotonic() + SECONDS
    while states.describe_execution(executionArn=run)["status"] == "RUNNING" and time.monotonic() < deadline:
        time.sleep(0.05)
    found = [_plain(event) for event in states.get_execution_history(executionArn=run, maxResults=1000)["events"]]
    wanted = [_plain(event) for event in recording.events]
    for here, there in zip(found, wanted, strict=False):
        if not _same(here, there):
            return f"AWS: {json.dumps(there, sort_keys=True)}; here: {json.dumps(here, sort_keys=True)}"
    return None if len(found) == len(wanted) else f"AWS has {len(wanted)} events; here are {len(found)}"


def _plain(value: Any, name: str = "", in_text: bool = False) -> Any:
    if isinstance(value, dict):
        inside_text = name == "assignedVariables"
        return {key: _plain(each, key, inside_text) for key, each in value.items() if key not in IGNORED}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, str) and (in_text or name in TEXTS):
        try:
            return _plain(json.loads(value))
        except ValueError:
            return value
    return value


def _same(found: Any, recorded: Any) -> bool:
    """Equal, except for what LocalStack replaced by a name in `<…>`."""
    if isinstance(recorded, str) and "<" in recorded and isinstance(found, str):
        return True
    if isinstance(found, dict) and isinstance(recorded, dict):
        return found.keys() == recorded.keys() and all(_same(found[key], recorded[key]) for key in found)
    if isinstance(found, list) and isinstance(recorded, list):
        return len(found) == len(recorded) and all(map(_same, found, recorded))
    return bool(found == recorded) and isinstance(found, bool) == isinstance(recorded, bool)

"""The state transitions of a run are counted as a run would take them through the rendered graph."""

from __future__ import annotations

import json
from typing import Any

import pytest

from refit.artifacts import state_machine
from refit.costs.transitions import Steps, count, poll_count
from tests.support.definitions import pipeline


def walk(definition: dict[str, Any], looks: int) -> list[str]:
    """The states of a run that deploys, taken as the run document decides: `looks` of both waits together."""
    path, state = [], definition["StartAt"]
    sections, polls = set[str](), 0
    while True:
        path.append(state)
        match state:
            case "CheckData":
                state = "CheckDataBranch"
            case "CheckDataBranch":
                state = "StartTrainingJob"
            case "StartTrainingJob" | "DeployModel" | "UpdateParameters":
                sections.add(state)
                state = definition["States"][state]["Next"]
            case "NotifySlackBranch":
                state = "CleanUp" if "UpdateParameters" in sections else "CheckStatusWait"
            case "CheckStatusBranch":
                polls += 1
                if "DeployModel" in sections:
                    state = "DeploymentCompleted" if polls == looks else "CheckStatusWait"
                else:
                    state = "JobCompleted" if polls == looks // 2 else "CheckStatusWait"
            case "OutcomeBranch":
                state = "Deployed"
            case "Deployed":
                return path
            case _:
                state = definition["States"][state]["Next"]


@pytest.mark.parametrize("seen", [2, 4, 30])
def test_the_count_is_that_of_a_run_that_walks_the_graph(seen: int) -> None:
    definition = json.loads(state_machine.render(pipeline()))
    steps, path = count(definition), walk(definition, seen)
    assert steps.base + steps.poll * seen == len(path)
    tasks = [state for state in path if "_arn}" in definition["States"][state].get("Resource", "")]
    assert steps.base_tasks + steps.poll_tasks * seen == len(tasks)
    assert steps.poll == 3


def test_a_run_of_direct_orchestration_calls_no_lambda_to_look() -> None:
    steps = count(json.loads(state_machine.render(pipeline(orchestration="direct"))))
    assert steps == Steps(base=30, poll=3, base_tasks=5, poll_tasks=0, waits=1)
    assert poll_count(steps, 60, (60, 8)) == 5  # after 1, 3, 5, 7 and 9 minutes


def test_a_gate_and_an_approval_are_counted() -> None:
    plain = count(json.loads(state_machine.render(pipeline())))
    gated = count(json.loads(state_machine.render(pipeline(gate={"metric": "train:mse", "max": 60}, approval={}))))
    # EvaluateModel and its branch; NotifySlack and its branch, AwaitApproval and its branch.
    assert (gated.base - plain.base, gated.base_tasks - plain.base_tasks) == (6, 2)

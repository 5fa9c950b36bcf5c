"""The diagram of the state machine shows every state and every transition."""

from __future__ import annotations

import json
import re

from refit.artifacts import state_machine
from refit.artifacts.graph import edges
from refit.pipeline.model import Pipeline
from refit.reference.diagram import mermaid

DEFINITION = state_machine.render(
    Pipeline.model_validate(
        {"pipeline": "prices", "data": {"prefix": "data/", "feature_dim": 13}, "orchestration": "polling"}
    )
)
STATES = json.loads(DEFINITION)["States"]
ARROWS = re.findall(r"^    (\S+) --> (\S+)(?: : (.+))?$", mermaid(DEFINITION), re.MULTILINE)


def test_it_has_every_way_and_no_other() -> None:
    inside = {(source, target) for source, target, _ in ARROWS if "[*]" not in (source, target)}
    assert inside == {(edge.source, edge.target) for edge in edges(STATES)}


def test_it_begins_and_ends_where_a_run_does() -> None:
    assert ("[*]", "EventReceived", "") in ARROWS
    ends = {source for source, target, _ in ARROWS if target == "[*]"}
    assert ends == {name for name, state in STATES.items() if state["Type"] in ("Succeed", "Fail")}


def test_arrows_say_when_they_are_taken() -> None:
    assert ("CheckDataBranch", "StartTrainingJob", "NewData") in ARROWS
    assert ("CheckStatusBranch", "NotifySlack", "JobFailed or DeploymentFailed") in ARROWS
    assert ("CheckData", "NotifySlack", "error") in ARROWS
    assert ("GetStatus", "CheckStatusBranch", "") in ARROWS


def test_an_error_that_leads_where_a_success_leads_is_not_told_apart() -> None:
    assert ("NotifySlack", "NotifySlackBranch", "") in ARROWS


def test_states_are_coloured_by_how_they_end() -> None:
    assert "    class Deployed,NoNewData,AlreadyRunning,NothingToRedeploy,Held,Trained succeed\n" in mermaid(DEFINITION)

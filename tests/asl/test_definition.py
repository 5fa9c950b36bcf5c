"""The state machine of a pipeline: its graph is valid, and every run ends in a state named after the outcome."""

from __future__ import annotations

import json
import re

import pytest
from statelint.linter import Linter

from refit.artifacts import state_machine
from refit.artifacts.definition_checks import check
from refit.artifacts.graph import edges
from refit.domain import errors, outcomes
from refit.domain.errors import StateError
from refit.pipeline.model import Pipeline
from tests.support.definitions import FAILING, TASKS, VARIANTS, applied, every_variant, pipeline, states
from tests.support.jsonata import evaluate


@every_variant
def test_the_definition_is_sound(variant: Pipeline) -> None:
    assert check(state_machine.render(variant)) == []


@every_variant
def test_the_definition_passes_the_linter_of_the_language(variant: Pipeline) -> None:
    assert Linter.validate(applied(variant)) == []


@every_variant
def test_the_same_pipeline_gives_the_same_text(variant: Pipeline) -> None:
    assert state_machine.render(variant) == state_machine.render(variant.model_copy())


def test_every_state_of_the_original_graph_is_there() -> None:
    assert {
        *TASKS,
        "CheckDataBranch",
        "NoNewData",
        "NotifySlackBranch",
        "CheckStatusWait",
        "CheckStatusBranch",
        "JobCompleted",
        "JobFailed",
        "DeploymentCompleted",
        "DeploymentFailed",
    } <= set(states(pipeline()))


SUCCESSES = ("Deployed", "NoNewData", "AlreadyRunning", "NothingToRedeploy", "Held", "Trained")


@every_variant
def test_a_run_ends_in_a_state_whose_name_says_how(variant: Pipeline) -> None:
    gated = variant.gate or variant.approval
    tasks = [
        *FAILING,
        *(["EvaluateModel"] if variant.gate else []),
        *(["AwaitApproval"] if variant.approval else []),
    ]
    ends = {name: state["Type"] for name, state in states(variant).items() if state["Type"] in ("Succeed", "Fail")}
    assert ends == {
        **dict.fromkeys(SUCCESSES, "Succeed"),
        **dict.fromkeys(("JobFailed", "DeploymentFailed", "UnexpectedState"), "Fail"),
        **dict.fromkeys(("ModelRejected",) if gated else (), "Fail"),
        **dict.fromkeys(("DataRejected", "CheckQualityFailed") if variant.contract else (), "Fail"),
        **dict.fromkeys((f"{task}Failed" for task in tasks), "Fail"),
    }


@every_variant
def test_a_run_ends_in_the_state_that_its_record_names(variant: Pipeline) -> None:
    found = states(variant)
    ends = {name for name, state in found.items() if state["Type"] in ("Succeed", "Fail")}
    branch = found["OutcomeBranch"]
    assert {choice["StringEquals"]: choice["Next"] for choice in branch["Choices"]} == {
        name: name for name in ends - {"UnexpectedState"}
    }
    assert branch["Default"] == "UnexpectedState"
    into_an_end = {name for name, state in found.items() for way in edges({name: state}) if way.target in ends}
    assert into_an_end == {"OutcomeBranch"}


def test_errors_are_named_as_the_lambdas_raise_them() -> None:
    named = {
        error
        for state in states(pipeline()).values()
        for rule in (*state.get("Retry", ()), *state.get("Catch", ()))
        for error in rule["ErrorEquals"]
        if not error.startswith(("States.", "Lambda.", "Runtime.", "Sandbox.", "S3."))
    }
    assert named == {"Throttled", "NotVisibleYet", "EndpointBusy", "WatermarkNotAdvanced", "QuotaInUse"}
    assert all(issubclass(getattr(errors, error), StateError) for error in named)


def test_choices_compare_with_the_words_of_the_contract() -> None:
    branches = ("CheckDataBranch", "CheckStatusBranch", "EvaluateModelBranch", "NotifySlackBranch", "WriteRecord")
    found = states(VARIANTS["gate"])
    text = json.dumps([found[name] for name in branches]).replace('\\"', '"')  # the quotes of JSONata
    words = set(re.findall(r"""["'](\w+)["']""", text))
    constants = {value for name, value in vars(outcomes).items() if name.isupper() and isinstance(value, str)}
    assert constants - words == {
        *("Running", "TimedOut", "Aborted", "Unreadable"),  # the driver's names for runs that have not ended in a state
        *("NoData", "Planned", "Moved", "Unmoved", "Seen"),  # ObjectArrived's, which is not a state
    }


@pytest.mark.parametrize("task", FAILING)
def test_a_task_that_fails_is_told_and_then_fails_the_run(task: str) -> None:
    found = states(pipeline())
    assert found[task]["Catch"] == [
        {"ErrorEquals": ["States.ALL"], "ResultPath": f"$.failed.{task}", "Next": "NotifySlack"}
    ]
    assert found[f"{task}Failed"]["ErrorPath"] == f"$.failed.{task}.Error"


def test_a_failure_wins_over_everything_that_went_well_before() -> None:
    order = [choice["Next"] for choice in states(pipeline())["NotifySlackBranch"]["Choices"]]
    assert order == [
        "WriteRecord",  # failed
        "WriteRecord",  # rejected
        "CleanUp",  # deployed
        "WriteRecord",  # the job failed
        "WriteRecord",  # the deployment failed
        "CheckStatusWait",
        "CheckStatusWait",
    ]


def test_slack_never_changes_what_becomes_of_a_run() -> None:
    notify = states(pipeline())["NotifySlack"]
    (catch,) = notify["Catch"]
    assert catch["Next"] == notify["Next"] == "NotifySlackBranch"
    # Added to the response to the previous message, which names the thread of the run.
    assert (notify["ResultPath"], catch["ResultPath"]) == ("$.slack", "$.slack.failed")


@pytest.mark.parametrize("orchestration", ["polling", "direct"])
def test_an_input_of_any_kind_becomes_an_object_that_a_failure_can_be_added_to(orchestration: str) -> None:
    machine = json.loads(state_machine.render(pipeline(orchestration=orchestration)))
    first = machine["States"][machine["StartAt"]]
    assert (first["Type"], first["Next"]) == ("Pass", "CheckData")
    assert first["QueryLanguage"] == "JSONata"  # "event.$": "$" fails for null
    for odd in (None, [], [1], "{% $states.input %}", {"event": 1}):
        assert evaluate(first["Output"], odd) == {"event": odd}
    assert machine["States"]["CheckData"]["Parameters"]["event.$"] == "$.event"


def test_what_check_data_finds_decides_where_a_run_goes() -> None:
    branch = states(pipeline())["CheckDataBranch"]
    ways = {choice["StringEquals"]: choice["Next"] for choice in branch["Choices"] if "StringEquals" in choice}
    assert ways == {"NewData": "StartTrainingJob", "Redeploy": "DeployModel", "Rollback": "DeployModel"}
    assert branch["Default"] == "WriteRecord"

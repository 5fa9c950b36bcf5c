"""The final state of a run, and the reason for it, in the run's record."""

from __future__ import annotations

from typing import Any

import pytest

from refit.artifacts import state_machine
from refit.domain import messages, training_status
from refit.version import VERSION
from tests.support.definitions import pipeline, states
from tests.support.jsonata import expression

DEPLOYED = {"outcome": "NewData", "status": {"state": "DeploymentCompleted"}, "deployment": {}, "parameters": {}}

LAMBDA = {"Error": "Throttled", "Cause": '{"errorMessage": "AWS was busy", "errorType": "Throttled"}'}

ENDS: list[tuple[dict[str, Any], str, str]] = [
    (DEPLOYED | {"reason": "7 of 7 days"}, "Deployed", "7 of 7 days"),
    (DEPLOYED | {"cleanup": {"Error": "x", "Cause": "y"}, "reason": "r"}, "Deployed", "r"),
    ({"outcome": "NewData", "status": {"state": "JobFailed", "reason": "bad row"}}, "JobFailed", "bad row"),
    ({"outcome": "NewData", "status": {"state": "DeploymentFailed", "reason": "gone"}}, "DeploymentFailed", "gone"),
    ({"outcome": "NewData", "quality": {"decision": "Rejected", "reason": "bad"}}, "DataRejected", "bad"),
    (DEPLOYED | {"quality": {"decision": "Accepted", "reason": "good"}, "reason": "r"}, "Deployed", "r"),
    ({"evaluation": {"decision": "Rejected", "reason": "worse"}}, "ModelRejected", "worse"),
    ({"evaluation": {"decision": "Rejected", "reason": "worse"}, "parameters": {}}, "ModelRejected", "worse"),
    (DEPLOYED | {"evaluation": {"decision": "Accepted", "reason": "better"}, "reason": "r"}, "Deployed", "r"),
    ({"train_only": True, "status": {"state": "JobCompleted"}, "reason": "r"}, "Trained", "r"),
    ({"event": "soon", "failed": {"CheckData": LAMBDA}}, "CheckDataFailed", "Throttled: AWS was busy"),
    (
        DEPLOYED | {"failed": {"UpdateParameters": {"Error": "States.Timeout"}}},
        "UpdateParametersFailed",
        "States.Timeout: ",
    ),
    ({"failed": {"DeployModel": {"Error": "E", "Cause": "plain"}}}, "DeployModelFailed", "E: plain"),
    (
        {"failed": {"DeployModel": {"Error": "E", "Cause": '{"errorMessage": "cut'}}},
        "DeployModelFailed",
        'E: {"errorMessage": "cut',
    ),
    (
        {"name": "homes-1", "failed": {"GetStatus": {"Error": "E", "Cause": "plain"}}},
        "GetStatusFailed",
        "E: plain; the training job homes-1 may still be running, and the next run stops it",
    ),
    (
        {"name": "homes-1", "deployment": {}, "failed": {"GetStatus": {"Error": "E", "Cause": "plain"}}},
        "GetStatusFailed",
        "E: plain",
    ),
    (
        {"name": "homes-1", "failed": {"StartTrainingJob": {"Error": "Runtime.ExitError", "Cause": "died"}}},
        "StartTrainingJobFailed",
        "Runtime.ExitError: died; the training job homes-1 may still be running, and the next run stops it",
    ),
    (
        {"name": "homes-1", "failed": {"StartTrainingJob": {"Error": "NameConflict", "Cause": "taken"}}},
        "StartTrainingJobFailed",
        "NameConflict: taken",
    ),
    *(({"outcome": name, "reason": "why"}, name, "why") for name in ("NoNewData", "AlreadyRunning", "Held")),
    ({"outcome": "NothingToRedeploy", "reason": "why"}, "NothingToRedeploy", "why"),
    ({"outcome": "Sideways", "reason": "why"}, "UnexpectedState", "why"),
    ({}, "UnexpectedState", ""),
]


@pytest.mark.parametrize(
    ("document", "state", "reason"), ENDS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_run_knows_how_it_ended(document: dict[str, Any], state: str, reason: str) -> None:
    assert expression("write_record", document) == document | {
        "refit_version": VERSION,
        "end": {
            "state": state,
            "reason": reason,
            "started_at": "2026-11-07T11:00:00.000Z",
            "at": "2026-11-07T12:00:00.000Z",
        },
    }


# AWS's words when a function timed out: the text ends in JSON, and is not JSON itself.
UNKNOWN = "The cause could not be determined because Lambda did not return an error type. Returned payload: {}"


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        (
            UNKNOWN.format('{"errorMessage":"1b5e Task timed out after 60.06 seconds"}'),
            "1b5e Task timed out",
        ),
        (r'{"errorMessage": "\u00fc \"quoted\" \\ {}\n", "errorType": "E"}', 'ü "quoted" \\ {}\n'),
        (r'{"errorType": "E", "errorMessage": "last"}', "last"),
        ('{"errorMessage": "cut}', '{"errorMessage": "cut}'),
        ('{"errorMessage": null}', '{"errorMessage": null}'),
        (r'{"errorMessage": "\x"}', r'{"errorMessage": "\x"}'),
        ('{"errorMessage": "two\nlines"}', '{"errorMessage": "two\nlines"}'),
        ('not {"errorMessage"}', 'not {"errorMessage"}'),
        ("", ""),
    ],
)
def test_no_cause_keeps_a_run_from_its_last_state(cause: str, reason: str) -> None:
    found = expression("write_record", {"failed": {"CheckData": {"Error": "E", "Cause": cause}}})
    assert found["end"]["state"] == "CheckDataFailed"
    assert found["end"]["reason"].startswith(f"E: {reason}")


@pytest.mark.parametrize("orchestration", ["direct", "polling"])
def test_the_record_and_the_run_document_say_the_same(orchestration: str) -> None:
    written = states(pipeline(orchestration=orchestration))["WriteRecord"]
    (catch,) = written["Catch"]
    assert written["Arguments"]["Body"] == written["Output"] == catch["Output"] == state_machine_text("write_record")


def state_machine_text(name: str) -> str:
    """An expression as it is written in a state."""
    return f"{{% {state_machine.expressions({}).source(name)} %}}"


@pytest.mark.parametrize(
    ("error", "state", "deployment"),
    [
        ("Runtime.OutOfMemory", "StartTrainingJob", False),
        ("Lambda.Unknown", "StartTrainingJob", False),
        ("Sandbox.Timedout", "StartTrainingJob", False),
        ("States.Timeout", "StartTrainingJob", False),
        ("Throttled", "StartTrainingJob", False),
        ("States.TaskFailed", "StartTrainingJob", False),
        ("QuotaInUse", "StartTrainingJob", False),
        ("Runtime.OutOfMemory", "GetStatus", False),
        ("Runtime.OutOfMemory", "GetStatus", True),
        ("Runtime.OutOfMemory", "CheckData", False),
    ],
)
def test_slack_and_the_record_agree_on_whether_the_job_may_still_run(error: str, state: str, deployment: bool) -> None:
    run: dict[str, Any] = {"name": "homes-1", "failed": {state: {"Error": error, "Cause": ""}}}
    if deployment:
        run["deployment"] = {}
    reason = expression("write_record", run)["end"]["reason"]
    assert reason.endswith(messages.JOB_MAY_RUN.format(name="homes-1")) == training_status.may_still_run(run)

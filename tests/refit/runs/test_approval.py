"""`refit approve` and `refit reject`: the answer reaches the waiting run, once; no token is shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from refit.aws import execution_history, executions
from refit.aws.deployed import DeployedPipeline
from refit.domain.run_document import Approval
from refit.domain.run_request import instant
from refit.errors import AwsError, NotFound, RefitError
from refit.runs import approval
from refit.runs.approval import ApprovalRequest, ApprovalResult, answer
from refit.runs.history import history
from refit.runs.history import run as history_of_one
from refit.runs.rollback import rollback_to
from tests.support.embedded_cloud.customer import BUCKET, Customer
from tests.support.gate import Gate, gate
from tests.support.small_stack import SmallStack
from tests.support.waiting import until

SILENCE = "{'approved': false, 'by': null, 'at': $states.context.State.EnteredTime, 'reason': 'nobody answered'}"
PIPELINE = "$split($states.context.StateMachine.Name, 'refit-')[1]"
RUN = "$states.context.Execution.Name"
DEPLOYS = gate("DeployModel", "Deployed")
# asl/states/await_approval.json.j2, less what is around it.
ASKS: dict[str, Any] = {
    "Branch": {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $states.input.asks = true %}", "Next": "AwaitApproval"}],
        "Default": "Trained",
    },
    "AwaitApproval": {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:putObject.waitForTaskToken",
        "TimeoutSeconds": 600,
        "Arguments": {
            "Bucket": BUCKET,
            "Key": f"{{% 'runs/' & {PIPELINE} & '/' & {RUN} & '/approval.json' %}}",
            "Body": {
                "token": "{% $states.context.Task.Token %}",
                "pipeline": f"{{% {PIPELINE} %}}",
                "run": f"{{% {RUN} %}}",
                "model": "prices-20261104-0a1b2c3d",
                "asked_at": "{% $states.context.State.EnteredTime %}",
                "expires_at": "2026-11-23T06:00:00Z",
            },
        },
        "Output": "{% $merge([$states.input, {'approval': $states.result}]) %}",
        "Catch": [
            {
                "ErrorEquals": ["States.Timeout"],
                "Output": f"{{% $merge([$states.input, {{'approval': {SILENCE}}}]) %}}",
                "Next": "ApprovalBranch",
            }
        ],
        "Next": "ApprovalBranch",
    },
    "ApprovalBranch": {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $states.input.approval.approved = true %}", "Next": "DeployModel"}],
        "Default": "ModelRejected",
    },
    **DEPLOYS,
    "Deployed": {"Type": "Succeed"},
    "Trained": {"Type": "Succeed"},
    "ModelRejected": {"Type": "Fail", "Error": "ModelRejected", "Cause": "a person said no"},
}


@pytest.fixture
def stack(customer: Customer, tmp_path: Path, exported: None, ada: None) -> SmallStack:
    made = SmallStack(customer, customer.name("prices"), tmp_path, ASKS)
    Gate(made.aws, f"refit-{made.name}")
    return made


@pytest.fixture
def impatient(stack: SmallStack) -> SmallStack:
    """The same, waiting for a second only."""
    states = {**ASKS, "AwaitApproval": {**ASKS["AwaitApproval"], "TimeoutSeconds": 1}}
    return SmallStack(stack.customer, stack.customer.name("prices"), stack.ref.project.root, states)


def ask(stack: SmallStack, run: str) -> str:
    """Starts a run and waits until it has requested approval; returns its ARN."""
    arn = stack.start(run, {"asks": True})
    until(lambda: approval.request_of(DeployedPipeline.of(stack.ref), run) is not None)
    return arn


def approve(stack: SmallStack, run: str | None = None, **options: Any) -> ApprovalResult:
    return answer(stack.ref, run, approved=True, poll_seconds=0.05, **options)


def reject(stack: SmallStack, run: str | None = None, reason: str = "bad days") -> ApprovalResult:
    return answer(stack.ref, run, approved=False, reason=reason, poll_seconds=0.05)


def ended(stack: SmallStack, arn: str) -> executions.ExecutionState:
    until(lambda: executions.state(stack.aws, arn).status != executions.RUNNING)
    return executions.state(stack.aws, arn)


def test_an_approved_run_continues_with_the_answer_in_its_document(stack: SmallStack) -> None:
    arn = ask(stack, "daily-1")
    deploying = Gate(stack.aws, f"refit-{stack.name}")
    deploying.close()
    told = approve(stack, "daily-1", reason="better than the last")
    assert (told.run, told.model, told.by) == ("daily-1", "prices-20261104-0a1b2c3d", "ada")
    assert told.approved
    assert told.state in {"ApprovalBranch", *DEPLOYS}
    deploying.open()
    ending = ended(stack, arn)
    said = ending.document["approval"]
    assert ending.outcome == "Deployed"
    assert {name: said[name] for name in ("approved", "by", "reason")} == {
        "approved": True,
        "by": "ada",
        "reason": "better than the last",
    }
    assert said["at"].endswith("Z")


def test_a_rejected_run_ends_without_deploying(stack: SmallStack) -> None:
    arn = ask(stack, "daily-1")
    assert reject(stack, arn).state in ("ApprovalBranch", "ModelRejected")
    ending = ended(stack, arn)
    assert ending.outcome == "ModelRejected"
    assert (ending.document["approval"]["approved"], ending.document["approval"]["reason"]) == (False, "bad days")


def test_the_one_run_that_waits_need_not_be_named(stack: SmallStack) -> None:
    with pytest.raises(RefitError, match=r"no run of .* waits for approval"):
        approve(stack)
    ask(stack, "daily-1")
    assert approve(stack).run == "daily-1"


def test_of_two_runs_that_wait_one_must_be_named(stack: SmallStack) -> None:
    ask(stack, "daily-1")
    ask(stack, "daily-2")
    with pytest.raises(RefitError, match=r"2 runs of .* wait for approval") as raised:
        approve(stack)
    assert raised.value.hint == "name one: daily-2, daily-1"


def test_a_run_is_answered_once(stack: SmallStack) -> None:
    ask(stack, "daily-1")
    approve(stack, "daily-1")
    with pytest.raises(RefitError, match=r"daily-1 was approved by ada at .*Z; the run is now in state"):
        reject(stack, "daily-1")


def test_a_run_without_an_answer_counts_as_rejected(impatient: SmallStack) -> None:
    arn = ask(impatient, "daily-1")
    ended(impatient, arn)
    with pytest.raises(RefitError, match="daily-1 was not answered before 2026-11-23T06:00:00Z, which counts as a rej"):
        approve(impatient, "daily-1")


def test_a_run_that_was_stopped_does_not_wait_any_more(stack: SmallStack) -> None:
    arn = ask(stack, "daily-1")
    stack.aws.stepfunctions.stop_execution(executionArn=arn)
    with pytest.raises(RefitError, match="daily-1 no longer waits for approval: the run is now in state Aborted"):
        approve(stack, "daily-1")


def test_a_run_without_a_request_is_reported_with_its_outcome(stack: SmallStack) -> None:
    stack.finish("daily-1")
    with pytest.raises(RefitError, match="daily-1 does not wait for approval: the run is now in state Trained"):
        approve(stack, "daily-1")


def test_an_unknown_run_is_answered_with_the_newest_runs(stack: SmallStack) -> None:
    stack.finish("daily-1")
    with pytest.raises(NotFound, match="no run gone found") as raised:
        approve(stack, "gone")
    assert raised.value.hint == "the newest runs: daily-1"


def test_an_unknown_token_means_that_the_run_no_longer_waits(stack: SmallStack) -> None:
    ask(stack, "daily-1")
    asked = approval.request_of(DeployedPipeline.of(stack.ref), "daily-1")
    assert asked
    written = {**vars(asked), "pipeline": stack.name, "token": "AAAAKgAAAAIsecret"}
    stack.put("daily-1", "approval.json", json.dumps(written))
    with pytest.raises(RefitError) as raised:
        approve(stack, "daily-1")
    assert "AAAAKgAAAAIsecret" not in f"{raised.value} {raised.value.hint} {raised.value.__cause__}"


@pytest.mark.parametrize("change", [{"run": "daily-2"}, {"pipeline": "flats"}, {"token": ""}, {"token": 5}])
def test_a_request_of_another_run_is_not_answered(stack: SmallStack, change: dict[str, object]) -> None:
    ask(stack, "daily-1")
    asked = approval.request_of(DeployedPipeline.of(stack.ref), "daily-1")
    assert asked
    stack.put("daily-1", "approval.json", json.dumps({**vars(asked), "pipeline": stack.name, **change}))
    with pytest.raises(RefitError, match="is not an approval request of daily-1"):
        approve(stack, "daily-1")


def test_the_token_is_in_no_text(stack: SmallStack) -> None:
    asked = ApprovalRequest("daily-1", "model", "then", "later", "AAAAKgAAAAIsecret" * 200)
    assert asked.token not in repr(asked)
    said = Approval(approved=True, by="ada", at="now", reason="")
    with pytest.raises(AwsError) as raised:
        approval.send_answer(DeployedPipeline.of(stack.ref), asked, said)
    assert "AAAAKgAAAAIsecret" not in f"{raised.value} {raised.value.hint} {raised.value.__cause__}"


def test_a_rollback_names_the_run_that_waits_and_how_to_answer_it(stack: SmallStack) -> None:
    stack.deployed("old", 1)
    stack.deployed("new", 2)
    ask(stack, "daily-1")
    said: list[str] = []
    rollback_to(stack.ref, wait=False, report=said.append)
    answer = f"refit reject {stack.ref.key} daily-1 --reason TEXT"
    assert said[0] == f"the rollback waits for daily-1, which waits for approval; answer it: {answer}"


def test_the_history_says_since_when_a_run_waits_until_it_is_answered(stack: SmallStack) -> None:
    arn = ask(stack, "daily-1")
    for shown in (history(stack.ref, 5), history_of_one(stack.ref, "daily-1")):
        (waiting,) = shown.runs
        assert waiting.waits
        entered = execution_history.latest(stack.aws, arn)
        assert entered
        assert waiting.waits.since == instant(entered.at)
        assert waiting.waits.until is None  # this pipeline file has no approval
        assert json.loads(json.dumps(waiting.document()))["waits"] == {"since": waiting.waits.since, "until": None}
    reject(stack, "daily-1")
    ended(stack, arn)
    assert history_of_one(stack.ref, "daily-1").runs[0].waits is None

"""`refit rollback` and `refit release`: an earlier model serves again, once, by a run; a hold lasts until released."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from refit.aws import hold
from refit.aws.endpoint import EndpointStatus, Variant
from refit.aws.hold import release
from refit.domain.endpoint_config import VariantIdentity
from refit.domain.hold import parse, told
from refit.domain.run_document import Hold
from refit.embedded_cloud import faults
from refit.errors import NotFound, RefitError, RunFailed
from refit.live.status import status
from refit.report.rollback import lines
from refit.runs import rollback_target
from refit.runs.record import Record
from refit.runs.rollback import rollback_to
from refit.runs.rollback_target import SERVES, RollbackResult, RollbackTarget
from tests.support.embedded_cloud.customer import BUCKET, Customer
from tests.support.small_stack import SmallStack

NAME = "{% $states.context.Execution.Name %}"
ENDPOINT = "{% $split($states.context.StateMachine.Name, 'refit-')[1] %}"
RECORD = (
    "{% {'outcome': 'Rollback', 'deployment': {'model': $states.input.detail.rollback,"
    " 'endpoint_config': $states.context.Execution.Name, 'endpoint': '', 'action': 'updated'},"
    " 'end': {'state': 'Deployed', 'reason': '', 'started_at': $states.context.Execution.StartTime,"
    " 'at': $states.context.State.EnteredTime}} %}"
)


def task(action: str, arguments: object, then: str, output: str = "{% $states.input %}") -> dict[str, Any]:
    """A call of the AWS SDK that leaves the input as it is."""
    resource = f"arn:aws:states:::aws-sdk:{action}"
    return {"Type": "Task", "Resource": resource, "Arguments": arguments, "Output": output, "Next": then}


VARIANT = {
    "VariantName": "AllTraffic",
    "ModelName": "{% $states.input.detail.rollback %}",
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 2,
    "InitialVariantWeight": 1.0,
}
# What a run does of a rollback, with one lease for all: the execution called "other" holds it until it has ended.
MOVES: dict[str, Any] = {
    "Branch": {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $exists($states.input.detail.rollback) %}", "Next": "CheckData"}],
        "Default": "Wait",
    },
    "Wait": {"Type": "Wait", "Seconds": 3, "Next": "NoNewData"},
    "CheckData": task(
        "sfn:listExecutions",
        {"StateMachineArn": "{% $states.context.StateMachine.Id %}", "StatusFilter": "RUNNING"},
        "CheckDataBranch",
        "{% $merge([$states.input, {'running': $count($states.result.Executions), 'reason': 'to serve again'}]) %}",
    ),
    "CheckDataBranch": {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $states.input.running > 1 %}", "Next": "AlreadyRunning"}],
        "Default": "CreateEndpointConfig",
    },
    "CreateEndpointConfig": task(
        "sagemaker:createEndpointConfig",
        {"EndpointConfigName": NAME, "ProductionVariants": [VARIANT]},
        "UpdateEndpoint",
    ),
    "UpdateEndpoint": task(
        "sagemaker:updateEndpoint", {"EndpointName": ENDPOINT, "EndpointConfigName": NAME}, "CheckStatusWait"
    ),
    "CheckStatusWait": {"Type": "Wait", "Seconds": 1, "Next": "DescribeEndpoint"},
    "DescribeEndpoint": task(
        "sagemaker:describeEndpoint",
        {"EndpointName": ENDPOINT},
        "CheckStatusBranch",
        "{% $merge([$states.input, {'endpoint': $states.result.EndpointStatus,"
        " 'ours': $states.result.EndpointConfigName = $states.context.Execution.Name}]) %}",
    ),
    "CheckStatusBranch": {
        "Type": "Choice",
        "Choices": [
            {"Condition": "{% $states.input.endpoint != 'InService' %}", "Next": "CheckStatusWait"},
            {"Condition": "{% $states.input.ours %}", "Next": "WriteRecord"},
        ],
        "Default": "DeploymentFailed",
    },
    "WriteRecord": task(
        "s3:putObject",
        {
            "Bucket": BUCKET,
            "Key": "{% 'runs/' & $split($states.context.StateMachine.Name, 'refit-')[1] & '/'"
            " & $states.context.Execution.Name & '/record.json' %}",
            "Body": RECORD,
        },
        "Deployed",
    ),
    "Deployed": {"Type": "Succeed"},
    "NoNewData": {"Type": "Succeed"},
    "AlreadyRunning": {"Type": "Succeed"},
    "DeploymentFailed": {"Type": "Fail", "Error": "DeploymentFailed", "Cause": "rolled back: an alarm rang"},
}


@pytest.fixture
def stack(customer: Customer, tmp_path: Path, exported: None, ada: None) -> Iterator[SmallStack]:
    """A pipeline whose third model serves."""
    made = SmallStack(customer, customer.name("prices"), tmp_path, MOVES)
    for number in (1, 2, 3):
        made.deployed(f"daily-{number}", number, serves=number == 3)
    yield made
    faults.clear(customer.cloud)


def back(stack: SmallStack, **options: Any) -> RollbackResult:
    return rollback_to(stack.ref, poll_seconds=0.1, **options)


def model(stack: SmallStack, number: int) -> str:
    return f"{stack.name}-202611{number:02}-{number:08x}"


def serving(stack: SmallStack) -> str:
    config = stack.aws.sagemaker.describe_endpoint_config(EndpointConfigName=str(stack.serving()))
    return str(config["ProductionVariants"][0]["ModelName"])


def test_the_model_before_the_present_one_serves_again(stack: SmallStack) -> None:
    said: list[str] = []
    done = back(stack, say=said.append)
    assert (done.model, done.of, done.how, done.outcome) == (model(stack, 2), "daily-2", "started", "Deployed")
    assert serving(stack) == model(stack, 2)
    assert stack.runs() == [done.run]
    assert f"{done.run}  started" in said
    assert any(line.endswith("CheckData            to serve again") for line in said)


def test_asking_again_does_nothing_and_goes_no_further_back(stack: SmallStack) -> None:
    first = back(stack)
    again = back(stack)
    assert (again.how, again.model, again.of) == (SERVES, model(stack, 2), first.run)
    assert back(stack, to="daily-2").how == SERVES
    assert stack.runs() == [first.run]


def test_a_rollback_that_goes_on_is_joined(stack: SmallStack) -> None:
    started = back(stack, wait=False)
    assert (started.how, started.outcome) == ("started", "Running")
    joined = back(stack)
    assert (joined.how, joined.run, joined.outcome) == ("was running", started.run, "Deployed")
    assert joined.model == model(stack, 2)
    assert stack.runs() == [started.run]


def test_a_rollback_to_a_named_run_and_to_the_same_model_later_are_two_runs(stack: SmallStack) -> None:
    first = back(stack, to="daily-1")
    assert serving(stack) == model(stack, 1)
    forth = back(stack, to="daily-3")
    assert serving(stack) == model(stack, 3)
    second = back(stack, to="daily-1")
    assert serving(stack) == model(stack, 1)
    assert len({first.run, forth.run, second.run}) == 3
    assert stack.runs() == sorted(map(str, (first.run, forth.run, second.run)))


def test_a_rollback_that_somebody_undid_by_hand_is_done_again(stack: SmallStack) -> None:
    first = back(stack)
    stack.serve(model(stack, 3))  # the config of daily-3
    again = back(stack, to="daily-2")
    assert (again.how, again.run, again.outcome) == ("started", f"{first.run}-2", "Deployed")
    assert serving(stack) == model(stack, 2)


def test_a_rollback_that_fails_says_so_and_is_begun_anew_only_when_forced(stack: SmallStack) -> None:
    faults.set(stack.customer.cloud, {"endpoint": "roll_back"})
    with pytest.raises(RunFailed, match="ended DeploymentFailed: rolled back: an alarm rang") as raised:
        back(stack)
    assert "--force" in str(raised.value.hint)
    assert serving(stack) == model(stack, 3)
    faults.clear(stack.customer.cloud)
    with pytest.raises(RunFailed, match="ended DeploymentFailed"):
        back(stack)
    assert len(stack.runs()) == 1
    done = back(stack, again=True)
    assert (done.outcome, serving(stack), len(stack.runs())) == ("Deployed", model(stack, 2), 2)


def test_another_run_is_named_and_waited_for(stack: SmallStack) -> None:
    stack.start("other")
    said: list[str] = []
    done = back(stack, say=said.append)
    assert said[0] == "other is running; the rollback comes after it"
    assert (done.outcome, serving(stack)) == ("Deployed", model(stack, 2))
    assert str(done.run).endswith("-2")


def test_a_run_that_deployed_nothing_is_refused_with_those_that_did(stack: SmallStack) -> None:
    stack.record("daily-4", "ModelRejected", "worse")
    with pytest.raises(RefitError, match="daily-4 ended ModelRejected and deployed nothing") as raised:
        back(stack, to="daily-4")
    assert raised.value.hint == "choose a run whose model is there: daily-3, daily-2, daily-1"
    with pytest.raises(NotFound, match="has no run never"):
        back(stack, to="never", hold=True)
    assert (stack.runs(), stack.hold()) == ([], "none")


def test_a_model_that_was_deleted_is_passed_over_and_refused_by_name(stack: SmallStack) -> None:
    stack.aws.sagemaker.delete_model(ModelName=model(stack, 2))
    with pytest.raises(RefitError, match="the model of daily-2, is not in SageMaker any more") as raised:
        back(stack, to="daily-2")
    assert raised.value.hint == "choose a run whose model is there: daily-3, daily-1"
    assert back(stack).of == "daily-1"


def test_without_an_earlier_model_it_is_said_what_to_do(stack: SmallStack) -> None:
    for number in (1, 2):
        stack.aws.sagemaker.delete_model(ModelName=model(stack, number))
    with pytest.raises(RefitError, match="the models of daily-2, daily-1 were deleted") as raised:
        back(stack)
    assert raised.value.hint == (
        f"train on the days of an earlier run: refit trigger {stack.ref.key} --window START..END --force"
    )


def test_a_hold_is_set_before_the_run_and_is_not_set_twice(stack: SmallStack) -> None:
    done = back(stack, hold=True, reason="flats are off")
    held = json.loads(stack.hold())
    assert (held["by"], held["reason"]) == ("ada", "flats are off")
    assert datetime.fromisoformat(held["since"]).tzinfo is not None
    assert done.hold == held
    again = back(stack, hold=True, reason="another reason")
    assert (again.how, again.hold) == (SERVES, held)
    assert json.loads(stack.hold()) == held


def test_a_hold_stays_when_the_rollback_fails_and_it_is_said_how_to_end_it(stack: SmallStack) -> None:
    faults.set(stack.customer.cloud, {"endpoint": "roll_back"})
    with pytest.raises(RunFailed) as raised:
        back(stack, hold=True, reason="flats are off")
    assert f"refit release {stack.ref.key}" in str(raised.value.hint)
    assert "the pipeline stays held by ada" in str(raised.value.hint)
    assert json.loads(stack.hold())["reason"] == "flats are off"


def test_a_reason_without_a_hold_is_refused(stack: SmallStack) -> None:
    with pytest.raises(RefitError, match="--reason"):
        back(stack, reason="because")
    with pytest.raises(RefitError, match="the reason has 501 characters"):
        back(stack, hold=True, reason="x" * 501)
    assert stack.runs() == []


def test_a_release_ends_the_hold_and_says_what_it_was(stack: SmallStack) -> None:
    back(stack, hold=True, reason="flats are off")
    ended = release(stack.ref)
    assert ended
    assert (ended["by"], ended["reason"]) == ("ada", "flats are off")
    assert stack.hold() == "none"
    assert release(stack.ref) is None


def test_a_stack_that_is_older_than_holds_is_to_be_applied(stack: SmallStack) -> None:
    stack.aws.ssm.delete_parameter(Name=stack.hold_parameter)
    for ask in (lambda: release(stack.ref), lambda: back(stack, hold=True)):
        with pytest.raises(NotFound) as raised:
            ask()
        assert "refit terraform apply" in str(raised.value.hint)
    assert stack.runs() == []


@pytest.mark.parametrize("text", ["stop", "[]"])
def test_a_hold_that_nobody_can_read_is_a_hold(stack: SmallStack, text: str) -> None:
    stack.aws.ssm.put_parameter(Name=stack.hold_parameter, Value=text, Overwrite=True)
    found = hold.read(stack.aws, stack.hold_parameter)
    assert found == {"by": "somebody", "since": "an unknown time", "reason": text}


def test_a_hold_that_tells_less_is_read_as_a_run_reads_it(stack: SmallStack) -> None:
    text = '{"by": "ada", "since": null}'
    stack.aws.ssm.put_parameter(Name=stack.hold_parameter, Value=text, Overwrite=True)
    expected = {"by": "ada", "since": "an unknown time", "reason": "no reason given"}
    assert hold.read(stack.aws, stack.hold_parameter) == parse(text) == expected


def test_a_hold_without_a_reason_is_told_alike_when_it_is_set_and_when_it_stands(stack: SmallStack) -> None:
    asked = Hold(by="ada", since="2026-11-22T06:00:00Z", reason="")
    placed = hold.place(stack.aws, stack.hold_parameter, asked)
    assert placed == hold.place(stack.aws, stack.hold_parameter, asked)
    assert told(placed) == "held by ada since 2026-11-22T06:00:00Z: no reason given"


def test_the_status_shows_a_hold(stack: SmallStack) -> None:
    stack.aws.ssm.put_parameter(Name=f"/models/{stack.name}/train/latest", Value="never", Type="String")
    hold.place(stack.aws, stack.hold_parameter, Hold(by="ada", since="2026-11-22T06:00:00Z", reason="flats"))
    (told,) = status(stack.ref.project, [stack.ref.key])
    assert told.hold == {"by": "ada", "since": "2026-11-22T06:00:00Z", "reason": "flats"}, told.note


MINE = "prices-20261121-0a1b2c3d"
OTHER = "prices-20261120-0a1b2c3d"


def variants_of(model: str) -> tuple[Variant]:
    return (Variant(VariantIdentity("AllTraffic", model, {}), running=2),)


LIVE = EndpointStatus("prices", "InService", "", "config", variants_of(MINE))


def deployed(run: str, model: str, outcome: str = "NewData") -> Record:
    return Record(run, "", "Deployed", "", datetime(2026, 11, 22, tzinfo=UTC), outcome=outcome, model=model)


def previous(runs: Iterable[Record], live: EndpointStatus | None = LIVE) -> RollbackTarget:
    return rollback_target.previous(runs, live, lambda model: True, "prod/prices")


def test_a_redeployment_of_the_present_model_is_passed_over() -> None:
    assert previous([deployed("r3", MINE, "Redeploy"), deployed("r2", MINE), deployed("r1", OTHER)]).run == "r1"


def test_what_a_rollback_took_away_is_not_brought_back_by_another_after_new_instances() -> None:
    runs = [deployed("r4", MINE, "Redeploy"), deployed("r3", MINE, "Rollback"), deployed("r2", OTHER)]
    assert previous([*runs, deployed("r1", MINE)]) == RollbackTarget(MINE, "r3", serves=True)


def test_after_a_rollback_and_a_new_model_it_goes_back_to_the_one_that_was_rolled_back_to() -> None:
    new = "prices-20261122-0a1b2c3d"
    live = replace(LIVE, variants=variants_of(new))
    assert previous([deployed("r4", new), deployed("r3", MINE, "Rollback"), deployed("r2", OTHER)], live).run == "r3"


def test_while_the_endpoint_is_being_changed_nothing_serves_already() -> None:
    updating = replace(LIVE, status="Updating")
    assert rollback_target.to(deployed("r1", MINE), [], updating, lambda model: True, "prices") == RollbackTarget(
        MINE, "r1"
    )


def test_an_endpoint_that_is_gone_gets_the_newest_model() -> None:
    assert previous([deployed("r2", MINE), deployed("r1", OTHER)], None) == RollbackTarget(MINE, "r2")


DONE = RollbackResult("prod/prices", MINE, "daily-1", "started", "rollback-1", "Deployed", 41.3)
HELD = Hold(by="ada", since="2026-11-22T06:00:00Z", reason="flats")


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (
            DONE,
            [
                f"prod/prices: {MINE} serves again; rollback-1 put it back in 41 s",
                "The schedule leaves it until newer data arrives; to keep it whatever arrives: "
                "refit rollback prod/prices --to daily-1 --hold",
            ],
        ),
        (
            replace(DONE, how=SERVES, hold=HELD),
            [
                f"prod/prices: {MINE} serves already, and nothing was changed",
                "held by ada since 2026-11-22T06:00:00Z: flats; no run replaces it before: refit release prod/prices",
            ],
        ),
        (
            replace(DONE, outcome="Running", any_change=True),
            [
                f"prod/prices: rollback-1 started and puts {MINE} back; follow it: refit logs prod/prices rollback-1",
                "The schedule leaves it until newer, late or corrected data arrives; to keep it whatever arrives: "
                "refit rollback prod/prices --to daily-1 --hold",
            ],
        ),
    ],
)
def test_it_is_said_how_long_a_rollback_lasts(done: RollbackResult, expected: list[str]) -> None:
    assert list(lines(done)) == expected

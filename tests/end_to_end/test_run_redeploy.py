"""Redeployments on the embedded cloud: other instances for the same model. The tests run in order."""

from __future__ import annotations

from datetime import UTC, datetime
from datetime import time as clock
from typing import Any

import pytest
from botocore.exceptions import ClientError

from refit.aws import executions
from refit.aws.session import calling
from refit.demo.traffic import Traffic
from refit.domain.run_request import event
from refit.embedded_cloud import faults
from refit.errors import NotFound
from tests.support.end_to_end.deployed import Deployed, merge
from tests.support.waiting import until

SMALL = 'endpoint = { instance_type = "ml.m5.large", instance_count = 1 }'
LARGE = 'endpoint = { instance_type = "ml.m5.xlarge", instance_count = 2 }'


@pytest.fixture(scope="module")
def enlarged(applied: Deployed) -> None:
    """Changes the instances in the pipeline file, builds and applies, as a merge would."""
    written = applied.ref.path.read_text()
    assert SMALL in written
    merge(applied, written.replace(SMALL, LARGE))


def redeploy(stack: Deployed) -> executions.ExecutionState:
    """A complete run with the event that a merge sends if only endpoint settings have changed."""
    stack.runs += 1
    fired = event(datetime.combine(stack.days[-1], clock(13), UTC), commit="0123abc")
    fired["detail"]["redeploy"] = True
    return stack.finish(
        executions.start(stack.aws, stack.stack.state_machine_arn, f"redeploy-{stack.runs}", fired),
    )


def variant(stack: Deployed) -> tuple[str, str, int]:
    """The live model, and the type and number of its instances, from the config in use."""
    found = stack.variant()
    return found["ModelName"], found["InstanceType"], found["InitialInstanceCount"]


def exists(stack: Deployed) -> bool:
    try:
        with calling("look for the endpoint"):
            stack.endpoint()
    except NotFound:
        return False
    return True


def models(stack: Deployed) -> int:
    return len(stack.aws.sagemaker.list_models(MaxResults=100)["Models"])


def test_with_nothing_deployed_there_is_nothing_to_redeploy(stack: Deployed) -> None:
    if exists(stack):
        stack.aws.sagemaker.delete_endpoint(EndpointName=stack.stack.endpoint)
    until(lambda: not exists(stack))
    jobs = stack.jobs()
    ending = redeploy(stack)
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "NothingToRedeploy"), ending.reason
    assert ending.reason == "the endpoint home-prices serves no model yet; the first deployment uses the new settings"
    assert (stack.jobs(), exists(stack)) == (jobs, False)


def test_settings_that_are_in_force_already_change_nothing(stack: Deployed) -> None:
    deployed = stack.run(force=True)
    assert deployed.outcome == "Deployed", deployed.reason
    name = deployed.document["name"]
    ending = redeploy(stack)
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "NothingToRedeploy"), ending.reason
    assert ending.reason == f"{name} already runs on 1 × ml.m5.large"
    assert stack.endpoint()["EndpointConfigName"] == name


@pytest.mark.usefixtures("enlarged")
def test_a_redeployment_that_is_rolled_back_fails_and_the_old_instances_serve_on(stack: Deployed) -> None:
    before, watermark = stack.endpoint()["EndpointConfigName"], stack.watermark()
    faults.set(stack.cloud, {"endpoint": "roll_back"})
    ending = redeploy(stack)
    assert (ending.status, ending.outcome) == ("FAILED", "DeploymentFailed"), ending.reason
    assert (stack.endpoint()["EndpointConfigName"], stack.watermark()) == (before, watermark)
    assert stack.said()[-1].startswith("home-prices: redeployment failed\nrolled back: ")


@pytest.mark.usefixtures("enlarged")
def test_new_settings_are_deployed_without_training_and_without_losing_a_request(stack: Deployed) -> None:
    model, *_ = before = variant(stack)
    jobs, made, watermark = stack.jobs(), models(stack), stack.watermark()
    with Traffic(stack.connect(attempts=1), stack.stack.endpoint, stack.rows[0].features) as traffic:
        until(lambda: traffic.answers)
        ending = redeploy(stack)
        asked = traffic.requests
        until(lambda: traffic.requests > max(20, asked + 1))

    assert (ending.status, ending.outcome) == ("SUCCEEDED", "Deployed"), ending.reason
    assert before == (model, "ml.m5.large", 1)
    assert variant(stack) == (model, "ml.m5.xlarge", 2)
    run = ending.document
    assert stack.endpoint()["EndpointConfigName"] == run["name"] != model
    assert (run["deployment"]["model"], run["deployment"]["action"]) == (model, "updated")
    assert (stack.jobs(), models(stack), stack.watermark()) == (jobs, made, watermark)
    assert run["parameters"] == {"watermark": watermark, "previous": watermark, "advanced": False}
    assert traffic.failures == []
    assert len(traffic.answers) == 1
    thread = stack.cloud.slack_messages()[-2]
    assert f"redeploying {model}: 1 × ml.m5.large → 2 × ml.m5.xlarge. Nothing is trained." in str(thread["before"])
    finished = stack.said()[-1]
    assert finished.startswith("home-prices: redeployed\n")
    assert f"The watermark stays at {watermark}." in finished


@pytest.mark.usefixtures("enlarged")
def test_a_second_redeployment_finds_nothing_to_do(stack: Deployed) -> None:
    config, said = stack.endpoint()["EndpointConfigName"], len(stack.said())
    ending = redeploy(stack)
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "NothingToRedeploy"), ending.reason
    assert ending.reason.endswith("already runs on 2 × ml.m5.xlarge")
    assert (stack.endpoint()["EndpointConfigName"], len(stack.said())) == (config, said)


@pytest.mark.usefixtures("enlarged")
def test_an_endpoint_that_somebody_else_changes_is_waited_for(stack: Deployed) -> None:
    model, *_ = variant(stack)
    by_hand: Any = {
        "VariantName": "AllTraffic",
        "ModelName": model,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    name = "home-prices-20261101-00000000"  # as a run of the pipeline would call it
    stack.aws.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[by_hand])
    update(stack, name)
    ending = redeploy(stack)
    assert ending.outcome == "Deployed", ending.reason
    assert variant(stack) == (model, "ml.m5.xlarge", 2)
    assert ending.seconds < 240  # a wait for a busy endpoint takes a second, one for a quota 300


@pytest.mark.usefixtures("enlarged")
def test_what_no_run_deployed_is_not_deployed_again(stack: Deployed) -> None:
    model, *_ = variant(stack)
    by_hand: dict[str, Any] = {
        "VariantName": "AllTraffic",
        "ModelName": model,
        "InstanceType": "ml.t2.medium",
        "InitialInstanceCount": 1,
    }
    stack.aws.sagemaker.create_endpoint_config(EndpointConfigName="by-hand", ProductionVariants=[by_hand])
    own = stack.endpoint()["EndpointConfigName"]
    move(stack, "by-hand")
    ending = redeploy(stack)
    move(stack, own)
    assert (ending.status, ending.outcome) == ("FAILED", "CheckDataFailed"), ending.reason
    assert ending.reason == "UnknownModel: the endpoint home-prices serves by-hand, which no run of home-prices created"


def move(stack: Deployed, config: str) -> None:
    """Updates the endpoint manually and waits."""
    update(stack, config)
    until(lambda: stack.endpoint()["EndpointStatus"] == "InService")


def update(stack: Deployed, config: str) -> None:
    """Updates the endpoint manually. A new config may not be found at first."""

    def updated() -> bool:
        try:
            stack.aws.sagemaker.update_endpoint(EndpointName=stack.stack.endpoint, EndpointConfigName=config)
        except ClientError as error:
            if "Could not find endpoint configuration" not in str(error):
                raise
            return False
        return True

    until(updated)

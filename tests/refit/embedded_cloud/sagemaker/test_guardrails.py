"""Deployment guardrails: traffic shifts in steps while the old models still serve, and back if an alarm goes off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from refit.embedded_cloud import faults, lifecycle
from refit.embedded_cloud.sagemaker import guardrails
from tests.support.embedded_cloud.customer import LEAST_PRIVILEGE, Customer, refused
from tests.support.waiting import until

ALARM = "endpoint-errors"
WATCH = {"Effect": "Allow", "Action": "cloudwatch:DescribeAlarms", "Resource": f"arn:aws:cloudwatch:*:*:alarm:{ALARM}"}
OLD, NEW = 2, 3


def percent(value: int) -> dict[str, Any]:
    return {"Type": "CAPACITY_PERCENT", "Value": value}


def blue_green(kind: str, wait: int = 300, termination: int = 0, **routing: Any) -> dict[str, Any]:
    traffic = {"Type": kind, "WaitIntervalInSeconds": wait, **routing}
    policy = {"TrafficRoutingConfiguration": traffic, "TerminationWaitInSeconds": termination}
    return {"BlueGreenUpdatePolicy": policy, "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": ALARM}]}}


def rolling(size: int, wait: int = 300) -> dict[str, Any]:
    return {"RollingUpdatePolicy": {"MaximumBatchSize": percent(size), "WaitIntervalInSeconds": wait}}


CANARY = blue_green("CANARY", CanarySize=percent(50))
LINEAR = blue_green("LINEAR", LinearStepSize=percent(50))


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Customer]:
    """A customer of a cloud on which 100 seconds of a deployment's waits take one second."""
    state_dir = tmp_path_factory.mktemp("guardrails")
    settings = {"REFIT_LOCAL_SECONDS_PER_STATUS": "0.1", "REFIT_LOCAL_SECONDS_SCALE": "0.01"}
    try:
        customer = Customer(lifecycle.start(state_dir, port=0, extra_env=settings))
        customer.role = customer.new_role([*LEAST_PRIVILEGE, WATCH])
        yield customer
    finally:
        lifecycle.stop(state_dir)


@pytest.fixture
def watched(account: Customer) -> Customer:
    """The customer, with an alarm in state OK."""
    account.client("cloudwatch").put_metric_alarm(
        AlarmName=ALARM,
        Namespace="AWS/SageMaker",
        MetricName="Invocation5XXErrors",
        Statistic="Average",
        Period=60,
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        Threshold=0.01,
    )
    ring(account, "OK")
    return account


def ring(customer: Customer, state: str = "ALARM") -> None:
    customer.client("cloudwatch").set_alarm_state(AlarmName=ALARM, StateValue=state, StateReason="a test")


def update(customer: Customer, endpoint: str, deployment: dict[str, Any]) -> str:
    """Starts an update to the new model; returns the name of its config."""
    config = customer.new_config(customer.tripling)
    customer.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=config, DeploymentConfig=deployment)
    return config


def answers(customer: Customer, endpoint: str) -> Iterator[float]:
    """The scores that the endpoint returns while a deployment is in progress."""
    while customer.endpoint(endpoint)["EndpointStatus"] in ("Updating", "RollingBack"):
        yield customer.score(endpoint)


@pytest.mark.parametrize("deployment", [CANARY, LINEAR, rolling(50)], ids=["canary", "linear", "rolling"])
def test_both_models_answer_until_the_new_one_has_all_the_traffic(
    watched: Customer, deployment: dict[str, Any]
) -> None:
    name = watched.new_endpoint(watched.doubling)
    faults.set(watched.cloud, {"endpoint": "hang"})
    config = update(watched, name, deployment)
    before = watched.score(name)
    faults.clear(watched.cloud)
    seen = [before, *answers(watched, name)]

    found = watched.endpoint(name)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", config)
    assert found["LastDeploymentConfig"] == deployment
    first, last = seen.index(NEW), len(seen) - seen[::-1].index(OLD)
    assert set(seen[:first]) == {OLD}
    assert set(seen[first:last]) == {OLD, NEW}
    assert {watched.score(name) for _ in range(20)} == {NEW}


def test_a_canary_gets_its_share_of_the_traffic_and_no_more(watched: Customer) -> None:
    name = watched.new_endpoint(watched.doubling)
    update(watched, name, blue_green("CANARY", wait=3600, CanarySize=percent(50)))
    until(lambda: watched.score(name), lambda score: score == NEW)
    scores = [watched.score(name) for _ in range(100)]
    assert watched.endpoint(name)["EndpointStatus"] == "Updating"
    assert 20 < scores.count(NEW) < 80
    ring(watched)
    watched.settled(name)


def test_an_alarm_during_the_wait_brings_all_traffic_back(watched: Customer) -> None:
    name = watched.new_endpoint(watched.doubling)
    old = watched.endpoint(name)["EndpointConfigName"]
    update(watched, name, blue_green("CANARY", wait=3600, CanarySize=percent(50)))
    until(lambda: watched.score(name), lambda score: score == NEW)
    ring(watched)
    until(lambda: watched.endpoint(name)["EndpointStatus"], lambda status: status != "Updating")
    assert {watched.score(name) for _ in range(20)} == {OLD}

    found = watched.settled(name)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", old)
    assert found["FailureReason"] == f"The deployment was rolled back because alarms went off: {ALARM}."
    assert {watched.score(name) for _ in range(20)} == {OLD}


def test_an_alarm_still_counts_while_the_old_fleet_waits_for_its_end(watched: Customer) -> None:
    name = watched.new_endpoint(watched.doubling)
    old = watched.endpoint(name)["EndpointConfigName"]
    update(watched, name, blue_green("CANARY", wait=0, termination=3600, CanarySize=percent(50)))
    until(lambda: [watched.score(name) for _ in range(10)], lambda scores: set(scores) == {NEW})
    ring(watched)
    assert watched.settled(name)["EndpointConfigName"] == old


def test_an_alarm_that_is_not_in_the_deployment_config_changes_nothing(watched: Customer) -> None:
    name = watched.new_endpoint(watched.doubling)
    ring(watched)
    config = update(watched, name, rolling(50, wait=50))
    assert watched.settled(name)["EndpointConfigName"] == config


@pytest.mark.parametrize(
    ("deployment", "message"),
    [
        (blue_green("CANARY"), "CanarySize is required"),
        (blue_green("LINEAR"), "LinearStepSize is required"),
        (blue_green("CANARY", CanarySize=percent(51)), "CanarySize must be between 0% and 50% of the 2 instances"),
        (blue_green("LINEAR", LinearStepSize=percent(9)), "LinearStepSize must be between 10% and 50%"),
        (rolling(4), "MaximumBatchSize must be between 5% and 50%"),
        ({**CANARY, **rolling(50)}, "Only one of BlueGreenUpdatePolicy and RollingUpdatePolicy"),
        (
            {
                "RollingUpdatePolicy": {
                    **rolling(50, 400)["RollingUpdatePolicy"],
                    "MaximumExecutionTimeoutInSeconds": 800,
                }
            },
            "must be larger than the total waiting time",
        ),
        (
            {**CANARY, "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "another"}]}},
            "is not authorized to perform: cloudwatch:DescribeAlarms",
        ),
    ],
)
def test_what_sagemaker_cannot_do_is_refused(watched: Customer, deployment: dict[str, Any], message: str) -> None:
    name = watched.new_endpoint(watched.doubling)
    code, said = refused(lambda: update(watched, name, deployment))
    assert (code, message in said) == ("ValidationException", True), said
    assert watched.endpoint(name)["EndpointStatus"] == "InService"
    request = {"EndpointName": "never", "EndpointConfigName": watched.endpoint(name)["EndpointConfigName"]}
    code, said = refused(lambda: watched.sagemaker.create_endpoint(**request, DeploymentConfig=deployment))
    assert (code, message in said) == ("ValidationException", True), said


def test_an_alarm_that_does_not_exist_is_refused(watched: Customer) -> None:
    name = watched.new_endpoint(watched.doubling)
    watched.client("cloudwatch").delete_alarms(AlarmNames=[ALARM])
    assert refused(lambda: update(watched, name, CANARY)) == (
        "ValidationException",
        f"The alarm {ALARM} does not exist.",
    )


@pytest.mark.parametrize(
    ("deployment", "instances", "expected"),
    [
        ({}, 2, [(1.0, 0)]),
        (blue_green("CANARY", 60, 120, CanarySize=percent(25)), 4, [(0.25, 60), (1.0, 120)]),
        (blue_green("CANARY", 60, 0, CanarySize=percent(10)), 4, [(0.25, 60), (1.0, 0)]),
        (blue_green("LINEAR", 60, 30, LinearStepSize=percent(25)), 4, [(0.25, 60), (0.5, 60), (0.75, 60), (1.0, 30)]),
        (rolling(50, 60), 4, [(0.5, 60), (1.0, 60)]),
        (
            blue_green("LINEAR", 60, 0, LinearStepSize={"Type": "INSTANCE_COUNT", "Value": 2}),
            5,
            [(0.4, 60), (0.8, 60), (1.0, 0)],
        ),
    ],
)
def test_the_steps_of_each_strategy(
    deployment: dict[str, Any], instances: int, expected: list[tuple[float, float]]
) -> None:
    assert list(guardrails.steps(deployment, instances)) == expected

"""A complete run on the embedded cloud, in both orchestrations. The tests run in the written order."""

from __future__ import annotations

import io
import json
import tarfile
from typing import Any

import pytest

from refit.aws import executions
from refit.costs import transitions
from refit.demo.traffic import Traffic
from refit.embedded_cloud import faults, lifecycle
from tests.support.end_to_end.deployed import Deployed, apply, example
from tests.support.waiting import until


@pytest.fixture(scope="module", params=["direct", "polling"])
def applied(request: Any, cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The example pipeline with either orchestration, with four days of data and without runs."""
    name = f"{request.param}-prices"
    text = example().replace('"home-prices"', f'"{name}"') + f'orchestration = "{request.param}"\n'
    return apply(cloud, tmp_path_factory.mktemp("checkout"), text, name=name, days=4)


def content(stack: Deployed, uri: str) -> Any:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return json.loads(stack.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def test_an_endpoint_that_cannot_be_created_fails_the_run_and_leaves_the_watermark(stack: Deployed) -> None:
    faults.set(stack.cloud, {"endpoint": "fail_create"})
    ending = stack.run()
    assert (ending.status, ending.outcome) == ("FAILED", "DeploymentFailed"), ending.reason
    assert stack.endpoint()["EndpointStatus"] == "Failed"
    assert stack.watermark() == "never"
    assert "failed" in stack.said()[-1].lower()


def test_the_first_deployment_replaces_an_endpoint_that_never_served(stack: Deployed) -> None:
    ending = stack.run()
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "Deployed"), ending.reason
    run = ending.document
    assert stack.endpoint()["EndpointStatus"] == "InService"
    assert stack.endpoint()["EndpointConfigName"] == run["name"]
    assert stack.watermark() == run["newest"] == stack.days[-1].isoformat()


def test_a_run_trains_on_exactly_the_days_that_it_announced(stack: Deployed) -> None:
    described = stack.aws.sagemaker.describe_training_job(TrainingJobName=stack.jobs()[0])
    channels = {
        channel["ChannelName"]: channel["DataSource"]["S3DataSource"]["S3Uri"]
        for channel in described["InputDataConfig"]
    }
    prefix = {"prefix": f"s3://{stack.stack.bucket}/{stack.stack.data_prefix}"}
    assert content(stack, channels["train"]) == [prefix, "2026-11-01.csv", "2026-11-02.csv", "2026-11-03.csv"]
    assert content(stack, channels["validation"]) == [prefix, "2026-11-04.csv"]
    metrics = {metric["MetricName"]: metric["Value"] for metric in described["FinalMetricDataList"]}
    assert 0 < metrics["validation:mse"] < 84  # the variance of the prices, which is the error of a constant model
    bucket, _, key = described["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://").partition("/")
    model = stack.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(model)) as archive:
        assert archive.getnames()


def test_the_deployed_model_predicts_prices(stack: Deployed) -> None:
    rows = stack.rows[:100]
    errors = [price - row.label for price, row in zip(stack.prices(rows), rows, strict=True)]
    assert (sum(error**2 for error in errors) / len(errors)) ** 0.5 < 6


def test_nothing_new_is_said_so_and_changes_nothing(stack: Deployed) -> None:
    before = stack.endpoint()["EndpointConfigName"]
    ending = stack.run()
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "NoNewData"), ending.reason
    assert "nothing new" in ending.reason
    assert stack.endpoint()["EndpointConfigName"] == before


def test_an_update_under_traffic_loses_no_request_and_changes_the_answers(stack: Deployed) -> None:
    day = stack.new_day()
    with Traffic(stack.connect(attempts=1), stack.stack.endpoint, stack.rows[0].features) as traffic:
        until(lambda: traffic.answers)
        ending = stack.run()
        asked = traffic.requests
        until(lambda: traffic.requests > max(50, asked + 1))
    assert ending.outcome == "Deployed", ending.reason
    assert ending.document["deployment"]["action"] == "updated"
    assert traffic.failures == []
    assert len(traffic.answers) == 2
    assert stack.watermark() == day.isoformat()


def test_a_run_takes_the_transitions_that_a_plan_counts(stack: Deployed) -> None:
    arn = f"{stack.stack.state_machine_arn.replace(':stateMachine:', ':execution:')}:test-{stack.runs}"
    pages = stack.aws.stepfunctions.get_paginator("get_execution_history").paginate(executionArn=arn)
    events = [event for page in pages for event in page["events"]]
    entered = [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]
    steps = transitions.count(json.loads(executions.definition(stack.aws, stack.stack.state_machine_arn)))
    assert len(entered) == steps.base + steps.poll * entered.count(transitions.POLL)


@pytest.mark.parametrize(("fault", "why"), [("fail", "AlgorithmError"), ("stop", "Stopped")])
def test_a_training_job_that_does_not_complete_fails_the_run(stack: Deployed, fault: str, why: str) -> None:
    watermark, config = stack.watermark(), stack.endpoint()["EndpointConfigName"]
    stack.new_day()
    faults.set(stack.cloud, {"training": fault})
    ending = stack.run()
    assert (ending.status, ending.outcome) == ("FAILED", "JobFailed"), ending.reason
    assert why in ending.reason or why in stack.said()[-1]
    assert (stack.watermark(), stack.endpoint()["EndpointConfigName"]) == (watermark, config)


def test_a_silent_rollback_is_a_failed_deployment(stack: Deployed) -> None:
    watermark, config = stack.watermark(), stack.endpoint()["EndpointConfigName"]
    faults.set(stack.cloud, {"endpoint": "roll_back"})
    ending = stack.run()
    assert (ending.status, ending.outcome) == ("FAILED", "DeploymentFailed"), ending.reason
    assert stack.endpoint()["EndpointStatus"] == "InService"
    assert (stack.watermark(), stack.endpoint()["EndpointConfigName"]) == (watermark, config)


def test_the_next_run_deploys_what_the_failed_ones_could_not(stack: Deployed) -> None:
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason
    assert stack.watermark() == stack.days[-1].isoformat()


@pytest.mark.parametrize("fault", ["down", {"ratelimited": 1}, "invalid_auth"])
def test_slack_never_changes_the_outcome(stack: Deployed, fault: Any) -> None:
    stack.new_day()
    before = len(stack.said())
    faults.set(stack.cloud, {"slack": fault})
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason
    received = len(stack.said()) - before
    # NotifySlack waits for a rate limit to end; if Slack rejects the token or is down, no message is posted.
    assert received == (3 if fault == {"ratelimited": 1} else 0)


def test_throttled_calls_are_made_again(stack: Deployed) -> None:
    stack.new_day()
    faults.set(stack.cloud, {"throttle": {"CreateTrainingJob": 2, "DescribeTrainingJob": 2, "UpdateEndpoint": 2}})
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason


def test_a_second_run_beside_the_first_starts_nothing(stack: Deployed) -> None:
    stack.new_day()
    jobs = len(stack.jobs())
    faults.set(stack.cloud, {"training": "hang"})
    first = stack.start()
    until(lambda: len(stack.jobs()) > jobs)
    other = stack.run()
    faults.clear(stack.cloud)
    endings = [stack.finish(first), other]
    assert sorted(ending.outcome for ending in endings) == ["AlreadyRunning", "Deployed"]
    assert len(stack.jobs()) == jobs + 1


def test_the_training_job_of_a_run_that_was_stopped_does_not_run_on(stack: Deployed) -> None:
    stack.new_day()
    jobs = stack.jobs()
    faults.set(stack.cloud, {"training": {"hang": 1}})
    arn = stack.start()
    (left,) = until(lambda: set(stack.jobs()) - set(jobs))
    stack.aws.stepfunctions.stop_execution(executionArn=arn)
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason
    # With direct, Step Functions stops the job of the execution that is stopped.
    polls = stack.ref.name.startswith("polling")
    assert ending.document.get("stopped_jobs") == ([left] if polls else None)
    described = stack.aws.sagemaker.describe_training_job(TrainingJobName=left)
    assert described["TrainingJobStatus"] in ("Stopping", "Stopped")
    faults.clear(stack.cloud)


def test_an_older_window_that_is_forced_deploys_and_leaves_the_watermark(stack: Deployed) -> None:
    watermark = stack.watermark()
    ending = stack.run(window=(stack.days[0], stack.days[2]), force=True)
    assert ending.outcome == "Deployed", ending.reason
    assert ending.document["days"]["train"] == ["2026-11-01/2026-11-02"]
    assert stack.watermark() == watermark


def test_a_run_that_has_lost_its_lease_deploys_nothing(stack: Deployed) -> None:
    watermark, config, jobs = stack.watermark(), stack.endpoint()["EndpointConfigName"], len(stack.jobs())
    stack.new_day()
    faults.set(stack.cloud, {"training": "hang"})
    arn = stack.start()
    until(lambda: len(stack.jobs()) > jobs)
    other = {"execution_arn": f"{arn}-taken-over", "run": "another", "started_at": "2026-11-01T00:00:00Z"}
    stack.aws.s3.put_object(
        Bucket=stack.stack.bucket, Key=f"runs/{stack.ref.name}/lease.json", Body=json.dumps(other).encode()
    )
    faults.clear(stack.cloud)
    ending = stack.finish(arn)
    assert (ending.outcome, ending.reason.partition(":")[0]) == ("DeployModelFailed", "LeaseLost")
    assert (stack.watermark(), stack.endpoint()["EndpointConfigName"]) == (watermark, config)


def test_bad_data_fails_the_run_and_names_the_row(stack: Deployed) -> None:
    day = stack.new_day()
    key = f"{stack.stack.data_prefix}{day.isoformat()}.csv"
    stack.aws.s3.put_object(Bucket=stack.stack.bucket, Key=key, Body=b"price,rooms\n1,2\n")
    ending = stack.run()
    assert ending.outcome == "JobFailed", ending.reason
    assert key in ending.reason
    stack.aws.s3.delete_object(Bucket=stack.stack.bucket, Key=key)


@pytest.mark.parametrize("text", ['"soon"', "[]", '{"time": "soon"}'])
def test_an_input_that_is_no_event_has_an_end_with_a_name(stack: Deployed, text: str) -> None:
    started = stack.aws.stepfunctions.start_execution(stateMachineArn=stack.stack.state_machine_arn, input=text)
    ending = stack.finish(started["executionArn"])
    assert (ending.outcome, ending.reason.partition(":")[0]) == ("CheckDataFailed", "InvalidEvent")
    assert ending.document["event"] == json.loads(text)
    assert "InvalidEvent" in stack.said()[-1]


def test_a_broken_watermark_stops_the_run_before_it_starts_anything(stack: Deployed) -> None:
    watermark = stack.watermark()
    stack.new_day()
    stack.aws.ssm.put_parameter(Name=stack.stack.watermark_parameter, Value="soon", Overwrite=True)
    ending = stack.run()
    stack.aws.ssm.put_parameter(Name=stack.stack.watermark_parameter, Value=watermark, Overwrite=True)
    assert (ending.outcome, ending.reason.partition(":")[0]) == ("CheckDataFailed", "InvalidParameter")
    assert "CheckData" in stack.said()[-1]


def test_no_secret_is_in_state_logs_or_history(stack: Deployed) -> None:
    token = "xoxb-embedded-cloud"
    assert token not in json.dumps(stack.terraform.outputs())
    for group in stack.aws.logs.describe_log_groups()["logGroups"]:
        for event in stack.aws.logs.filter_log_events(logGroupName=group["logGroupName"])["events"]:
            assert token not in event["message"]
    state = stack.aws.s3.get_object(Bucket="refit-terraform-state", Key=f"local/{stack.ref.name}.tfstate")[
        "Body"
    ].read()
    assert token.encode() not in state

"""The integrations sqs:sendMessage, sns:publish and events:putEvents.

Recorded: services/test_events_task_service.snapshot.json, services/test_sns_task_service.snapshot.json and
error_handling/test_task_service_sqs.snapshot.json of localstack/localstack.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.refit.embedded_cloud.conftest import policy
from tests.support.embedded_cloud.state_machine_rights import ACCOUNT, REGION
from tests.support.waiting import until

QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:told"
ENTRY = {"Source": "homes", "DetailType": "sold", "Detail": {"price": 1}}


@pytest.fixture(scope="module")
def run(machine, outcome, role):
    """Runs a state machine with one task, with a role that may do everything with messages."""
    able = role("states", ("sqs:*", "*"), ("sns:*", "*"), ("events:*", "*"))

    def one(integration: str, parameters: dict[str, Any]) -> dict[str, Any]:
        resource = f"arn:aws:states:::{integration}"
        task = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}
        return outcome(machine({"Task": task}, able))

    return one


@pytest.fixture(scope="module")
def queue(client):
    """Creates a queue; returns its URL, and what reads the bodies of its messages."""
    sqs = client("sqs")
    services = {"Effect": "Allow", "Principal": {"Service": ["sns.amazonaws.com", "events.amazonaws.com"]}}
    statement = {**services, "Action": "sqs:SendMessage", "Resource": QUEUE}
    url = sqs.create_queue(QueueName="told", Attributes={"Policy": policy(statement)})["QueueUrl"]

    def read() -> list[Any]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages]

    return url, read


class TestAQueue:
    def test_gets_json_as_its_text(self, run, queue):
        url, read = queue
        answer = json.loads(run("sqs:sendMessage", {"QueueUrl": url, "MessageBody": {"a": [1]}})["output"])
        assert answer["MessageId"]
        assert answer["SdkHttpMetadata"]["HttpStatusCode"] == 200
        assert until(read) == [{"a": [1]}]

    def test_that_there_is_not_fails_by_its_name(self, run, queue):
        described = run("sqs:sendMessage", {"QueueUrl": f"{queue[0]}-none", "MessageBody": "x"})
        assert described["error"].startswith("SQS.")
        assert "(Service: AmazonSQS; Status Code: 400; Error Code: " in described["cause"]
        assert described["cause"].endswith("; Proxy: null)")


class TestATopic:
    def test_gets_json_as_its_text(self, client, run, queue):
        _, read = queue
        sns = client("sns")
        topic = sns.create_topic(Name="told")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)
        answer = json.loads(run("sns:publish", {"TopicArn": topic, "Message": {"Message": "Hello"}})["output"])
        assert list(answer) == ["MessageId", "SdkHttpMetadata", "SdkResponseMetadata"]
        (notification,) = until(read)
        assert json.loads(notification["Message"]) == {"Message": "Hello"}


class TestAnEventBus:
    def test_gets_the_event_with_the_arns_of_machine_and_execution(self, client, run, queue):
        _, read = queue
        events = client("events")
        events.put_rule(Name="told", EventPattern=json.dumps({"source": ["homes"]}))
        target = {"Id": "queue", "Arn": QUEUE}
        events.put_targets(Rule="told", Targets=[target])
        described = run("events:putEvents", {"Entries": [{**ENTRY, "Resources": ["house"]}]})
        answer = json.loads(described["output"])
        assert list(answer) == ["Entries", "FailedEntryCount"]
        assert answer["FailedEntryCount"] == 0
        (event,) = until(read)
        assert event["detail"] == {"price": 1}
        assert event["resources"] == ["house", described["stateMachineArn"], described["executionArn"]]

    @pytest.mark.parametrize(
        ("changes", "code", "message"),
        [
            (
                {"Source": ""},
                "InvalidArgument",
                "Parameter Source is not valid. Reason: Source is a required argument.",
            ),
            ({"Detail": '"jsonstring"'}, "MalformedDetail", "Detail is malformed."),
        ],
        ids=["source", "detail"],
    )
    def test_fails_on_a_failed_entry(self, run, changes: dict[str, Any], code: str, message: str):
        described = run("events:putEvents", {"Entries": [ENTRY, {**ENTRY, **changes}]})
        assert described["error"] == "EventBridge.FailedEntry"
        cause = json.loads(described["cause"])
        assert cause["FailedEntryCount"] == 1
        assert list(cause["Entries"][0]) == ["EventId"]
        assert cause["Entries"][1] == {"ErrorCode": code, "ErrorMessage": message}

    def test_gets_an_event_for_each_status_of_an_execution(self, client, machine, outcome, queue):
        """https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html"""
        _, read = queue
        events, arn = client("events"), machine({"End": {"Type": "Fail", "Error": "X"}})
        events.put_rule(
            Name="ended", EventPattern=json.dumps({"source": ["aws.states"], "detail": {"stateMachineArn": [arn]}})
        )
        events.put_targets(Rule="ended", Targets=[{"Id": "queue", "Arn": QUEUE}])
        described = outcome(arn)
        seen: dict[str, Any] = {}

        def both() -> bool:
            own = (event for event in read() if event["source"] == "aws.states")
            seen.update({event["detail"]["status"]: event for event in own})
            return len(seen) == 2

        until(both)
        assert set(seen) == {"RUNNING", "FAILED"}
        failed = seen["FAILED"]
        assert failed["detail-type"] == "Step Functions Execution Status Change"
        assert failed["resources"] == [described["executionArn"]]
        assert (failed["detail"]["error"], failed["detail"]["redriveStatus"]) == ("X", "REDRIVABLE")

    def test_starts_executions(self, client, sfn, machine):
        events, arn = client("events"), machine({"End": {"Type": "Succeed"}})
        events.put_rule(Name="start", EventPattern=json.dumps({"source": ["starter"]}))
        events.put_targets(Rule="start", Targets=[{"Id": "machine", "Arn": arn, "Input": '{"a": 1}'}])
        events.put_events(Entries=[{"Source": "starter", "DetailType": "go", "Detail": "{}"}])
        (started,) = until(lambda: sfn.list_executions(stateMachineArn=arn)["executions"])
        assert sfn.describe_execution(executionArn=started["executionArn"])["input"] == '{"a": 1}'

"""GetExecutionHistory: events, pages, order, and the time that it takes.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from __future__ import annotations

import json

import pytest

from tests.support.waiting import until

COUNT = 60
LOOP = {
    "Begin": {"Type": "Pass", "Result": 0, "Next": "Add"},
    "Add": {
        "Type": "Pass",
        "QueryLanguage": "JSONata",
        "Output": "{% $states.input + 1 %}",
        "Next": "Enough",
    },
    "Enough": {
        "Type": "Choice",
        "QueryLanguage": "JSONata",
        "Choices": [{"Condition": f"{{% $states.input >= {COUNT} %}}", "Next": "End"}],
        "Default": "Add",
    },
    "End": {"Type": "Succeed"},
}
EVENTS = 1 + 2 + 4 * COUNT + 2 + 1


@pytest.fixture(scope="module")
def looped(machine, outcome):
    return outcome(machine(LOOP), {})["executionArn"]


def test_a_short_one_is_the_recorded_one(sfn, machine, outcome):
    """Recorded: test_sfn_api.snapshot.json::test_start_execution of localstack/localstack."""
    states = {"State_1": {"Type": "Pass", "Result": {"Arg1": "argument1"}, "End": True}}
    described = outcome(machine(states), {})
    events = sfn.get_execution_history(executionArn=described["executionArn"])["events"]
    role = events[0]["executionStartedEventDetails"]["roleArn"]
    whole = {"truncated": False}
    given, result = "{}", json.dumps({"Arg1": "argument1"}, separators=(",", ":"))
    assert [{name: value for name, value in event.items() if name != "timestamp"} for event in events] == [
        {
            "id": 1,
            "previousEventId": 0,
            "type": "ExecutionStarted",
            "executionStartedEventDetails": {"input": given, "inputDetails": whole, "roleArn": role},
        },
        {
            "id": 2,
            "previousEventId": 0,
            "type": "PassStateEntered",
            "stateEnteredEventDetails": {"name": "State_1", "input": given, "inputDetails": whole},
        },
        {
            "id": 3,
            "previousEventId": 2,
            "type": "PassStateExited",
            "stateExitedEventDetails": {"name": "State_1", "output": result, "outputDetails": whole},
        },
        {
            "id": 4,
            "previousEventId": 3,
            "type": "ExecutionSucceeded",
            "executionSucceededEventDetails": {"output": result, "outputDetails": whole},
        },
    ]


@pytest.mark.parametrize("backwards", [False, True])
def test_has_pages_in_both_orders(sfn, looped, backwards: bool):
    paginator = sfn.get_paginator("get_execution_history")
    pages = list(paginator.paginate(executionArn=looped, reverseOrder=backwards))
    assert [len(page["events"]) for page in pages] == [100, 100, EVENTS - 200]
    ids = [event["id"] for page in pages for event in page["events"]]
    assert ids == sorted(range(1, EVENTS + 1), reverse=backwards)


def test_pages_from_the_end_do_not_shift_when_events_are_added(sfn, machine):
    states = {**LOOP, "End": {"Type": "Wait", "Seconds": 3600, "End": True}}
    arn = sfn.start_execution(stateMachineArn=machine(states), input="{}")["executionArn"]

    def newest():
        return sfn.get_execution_history(executionArn=arn, reverseOrder=True, maxResults=10)

    first = until(newest, lambda page: page["events"][0]["type"] == "WaitStateEntered")
    sfn.stop_execution(executionArn=arn)
    again = sfn.get_execution_history(executionArn=arn, reverseOrder=True, maxResults=10, nextToken=first["nextToken"])
    assert [event["id"] for event in again["events"]] == [event["id"] - 10 for event in first["events"]]


def test_a_token_belongs_to_its_execution_and_order(sfn, looped, machine, outcome, refused):
    token = sfn.get_execution_history(executionArn=looped)["nextToken"]
    other = outcome(machine(LOOP), {})["executionArn"]
    expected = ("InvalidToken", "Invalid Token: 'Invalid token'")
    assert refused(sfn.get_execution_history, executionArn=other, nextToken=token) == expected
    assert refused(sfn.get_execution_history, executionArn=looped, nextToken=token, reverseOrder=True) == expected
    assert refused(sfn.get_execution_history, executionArn=looped, nextToken="bWFkZSB1cA==") == expected


def test_without_execution_data_it_has_names_only(sfn, looped):
    events = sfn.get_execution_history(executionArn=looped, includeExecutionData=False)["events"]
    assert events[1]["stateEnteredEventDetails"] == {"name": "Begin"}
    assert set(events[0]["executionStartedEventDetails"]) == {"roleArn"}

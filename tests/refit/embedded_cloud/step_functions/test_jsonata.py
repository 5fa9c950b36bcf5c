"""JSONata states in a state machine whose other states use JSONPath.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.support.waiting import WAIT_SECONDS

HELD = {
    "trains": True,
    "name": "arn:aws:sagemaker:us-west-2:0:model/homes-20261107",
    "metrics": [{"MetricName": "validation:mse", "Value": 1.5}, {"MetricName": "train:mse", "Value": 2}],
    "text": '{"a": [1, null]}',
    "at": "2026-11-07T06:00:00.250Z",
    "none": None,
}


def result(described):
    assert described["status"] == "SUCCEEDED", described
    return json.loads(described["output"])


def jsonata(kind, **fields):
    return {"Type": kind, "QueryLanguage": "JSONata", **fields}


class TestAnExpression:
    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("$merge([$states.input.{'trains': trains}, {'b': null}])", {"trains": True, "b": None}),
            ("$merge($states.input.metrics.{MetricName: Value})", {"validation:mse": 1.5, "train:mse": 2}),
            ("$match($states.input.name, /model\\/([a-z]+)-([0-9]+)/).groups[1]", "20261107"),
            ("$contains($states.input.name, /:model\\//)", True),
            ("$number('12')", 12),
            ("$parse($states.input.text)", {"a": [1, None]}),
            ("$toMillis($states.input.at)", 1794031200250),
            ("[$exists($states.input.none), $exists($states.input.nothing)]", [True, False]),
            ("$lookup($states.input, 'trains')", True),
            ("$states.input.metrics[MetricName = 'train:mse'].Value", 2),
            ("$floor(7 / 2) * 60", 180),
            ("$states.context.State.Name", "Look"),
        ],
    )
    def test_has_the_functions_of_jsonata(self, machine, outcome, expression: str, expected: object):
        states = {"Look": jsonata("Pass", Output=f"{{% {expression} %}}", End=True)}
        assert result(outcome(machine(states), HELD)) == expected

    def test_that_gives_nothing_fails(self, machine, outcome):
        states = {"Look": jsonata("Pass", Output="{% $states.input.nothing %}", End=True)}
        assert outcome(machine(states))["error"] == "States.QueryEvaluationError"


class TestAVariable:
    """https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html"""

    def test_lives_on_across_states_in_jsonpath(self, machine, outcome, handler):
        states = {
            "Keep": jsonata("Pass", Assign={"kept": "{% $states.input.a %}"}, Output={"b": 1}, Next="Path"),
            "Path": {"Type": "Task", "Resource": handler, "ResultPath": "$.answer", "Next": "Wait"},
            "Wait": {"Type": "Wait", "Seconds": 0, "Next": "Use"},
            "Use": jsonata("Pass", Output="{% {'kept': $kept, 'b': $states.input.answer.seen.b} %}", End=True),
        }
        assert result(outcome(machine(states), {"a": 7})) == {"kept": 7, "b": 1}

    def test_is_assigned_when_a_rule_or_none_matches(self, machine, outcome):
        rule = {"Condition": "{% $states.input.a = 1 %}", "Assign": {"way": "rule"}, "Output": "rule", "Next": "Use"}
        choice = jsonata("Choice", Choices=[rule], Assign={"way": "default"}, Output="default", Default="Use")
        use = jsonata("Pass", Output="{% [$way, $states.input] %}", End=True)
        arn = machine({"Choose": choice, "Use": use})
        assert result(outcome(arn, {"a": 1})) == ["rule", "rule"]
        assert result(outcome(arn, {"a": 2})) == ["default", "default"]

    def test_is_assigned_when_an_error_is_caught(self, machine, outcome, handler):
        """https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"""
        catch = {
            "ErrorEquals": ["States.ALL"],
            "Assign": {"what": "{% $states.errorOutput.Error %}"},
            "Output": "{% $merge([$states.input, {'failed': $parse($states.errorOutput.Cause).errorMessage}]) %}",
            "Next": "Use",
        }
        call = jsonata("Task", Resource=handler, Arguments="{% $states.input %}", Catch=[catch], Next="Use")
        use = jsonata("Pass", Output="{% $merge([$states.input, {'what': $what}]) %}", End=True)
        expected = {"do": "raise", "failed": "too much", "what": "Throttled"}
        assert result(outcome(machine({"Call": call, "Use": use}), {"do": "raise"})) == expected

    def test_has_its_old_value_in_the_expressions_beside_it(self, machine, outcome):
        states = {
            "First": jsonata("Pass", Assign={"x": 1}, Next="Second"),
            "Second": jsonata("Pass", Assign={"x": "{% $x + 1 %}", "y": "{% $x %}"}, Next="Use"),
            "Use": jsonata("Pass", Output="{% [$x, $y] %}", End=True),
        }
        assert result(outcome(machine(states))) == [2, 1]


class TestATask:
    def test_sends_its_arguments_and_shapes_its_output(self, machine, outcome, handler):
        output = "{% $merge([$states.input, {'seen': $states.result.seen.x}]) %}"
        task = jsonata("Task", Resource=handler, Arguments={"x": "{% $states.input.a + 1 %}"}, Output=output, End=True)
        assert result(outcome(machine({"Task": task}), {"a": 1})) == {"a": 1, "seen": 2}

    def test_does_not_catch_an_error_that_ends_every_execution(self, machine, outcome):
        """https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"""
        catch = [{"ErrorEquals": ["States.ALL"], "Next": "Task"}]
        resource, arguments = "arn:aws:states:::aws-sdk:ssm:getParameter", "{% $states.input %}"
        task = jsonata("Task", Resource=resource, Arguments=arguments, Catch=catch, End=True)
        assert outcome(machine({"Task": task}), {})["error"] == "States.Runtime"


class TestAWait:
    @pytest.mark.parametrize(
        "wait",
        [{"Type": "Wait", "SecondsPath": "$.seconds"}, jsonata("Wait", Seconds="{% $states.input.seconds %}")],
        ids=["SecondsPath", "Seconds"],
    )
    def test_lasts_as_long_as_its_input_says(self, machine, outcome, wait: dict):
        described = outcome(machine({"Wait": {**wait, "End": True}}), {"seconds": 1})
        assert timedelta(seconds=1) <= described["stopDate"] - described["startDate"] < timedelta(seconds=WAIT_SECONDS)

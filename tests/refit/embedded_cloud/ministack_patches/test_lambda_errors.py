"""A failed function returns the class of its exception, and its log contains the details."""

from __future__ import annotations

import json


class TestAFailedFunction:
    def test_reports_the_class_of_its_exception(self, client, handler):
        answer = client("lambda").invoke(FunctionName=handler, Payload=json.dumps({"do": "raise"}))
        payload = json.loads(answer["Payload"].read())
        assert answer["FunctionError"] == "Unhandled"
        assert (payload["errorType"], payload["errorMessage"]) == ("Throttled", "too much")
        assert "main.py" in payload["stackTrace"][-1]

    def test_reports_a_module_that_cannot_be_imported_when_it_is_called(self, client, function):
        answer = client("lambda").invoke(FunctionName=function("import nothing_of_that_name"), Payload="{}")
        payload = json.loads(answer["Payload"].read())
        assert payload["errorType"] == "Runtime.ImportModuleError"
        assert payload["errorMessage"] == "Unable to import module 'main': No module named 'nothing_of_that_name'"

    def test_reports_a_missing_handler_and_a_process_that_ends(self, client, function, handler):
        missing = client("lambda").invoke(FunctionName=function("x = 1"), Payload="{}")
        assert json.loads(missing["Payload"].read())["errorType"] == "Runtime.HandlerNotFound"
        exited = client("lambda").invoke(FunctionName=handler, Payload=json.dumps({"do": "exit"}))
        assert json.loads(exited["Payload"].read())["errorType"] == "Runtime.ExitError"

    def test_is_caught_by_name_and_its_cause_is_the_payload(self, machine, outcome, handler):
        states = {
            "Check": {
                "Type": "Task",
                "Resource": handler,
                "ResultPath": "$.check",
                "Catch": [
                    {"ErrorEquals": ["InvalidEvent"], "ResultPath": "$.failed.Check", "Next": "Wrong"},
                    {"ErrorEquals": ["Throttled"], "ResultPath": "$.failed.Check", "Next": "Caught"},
                ],
                "End": True,
            },
            "Caught": {"Type": "Fail", "ErrorPath": "$.failed.Check.Error", "CausePath": "$.failed.Check.Cause"},
            "Wrong": {"Type": "Fail", "Error": "Wrong"},
        }
        described = outcome(machine(states), {"do": "raise"})
        assert (described["status"], described["error"]) == ("FAILED", "Throttled")
        assert json.loads(described["cause"])["errorMessage"] == "too much"

    def test_writes_its_lines_and_its_error_to_the_log_group_that_was_made_for_it(self, client, function):
        source = "import logging\nlogging.getLogger().setLevel('INFO')\n"
        source += "def handler(event, context):\n    logging.info('called')\n    raise KeyError('too much')"
        logs, arn = client("logs"), function(source)
        group = f"/aws/lambda/{arn.rpartition(':')[2]}"
        logs.create_log_group(logGroupName=group)
        logs.put_retention_policy(logGroupName=group, retentionInDays=7)
        client("lambda").invoke(FunctionName=arn, Payload="{}")
        lines = [event["message"] for event in logs.filter_log_events(logGroupName=group)["events"]]
        assert any(line.startswith("[INFO]\t") and line.endswith("\tcalled") for line in lines)
        assert "[ERROR] KeyError: 'too much'" in lines
        assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["retentionInDays"] == 7

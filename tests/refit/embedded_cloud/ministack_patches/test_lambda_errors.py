"""A failed function returns the class of its exception, and its log contains the details."""

from __future__ import annotations

import base64
import json

import pytest


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

    def test_reports_a_missing_handler(self, client, function):
        missing = client("lambda").invoke(FunctionName=function("x = 1"), Payload="{}")
        assert json.loads(missing["Payload"].read())["errorType"] == "Runtime.HandlerNotFound"

    @pytest.mark.parametrize(
        ("statement", "reason"),
        [
            ("os._exit(1)", "Runtime exited with error: exit status 1"),
            ("sys.exit(3)", "Runtime exited with error: exit status 3"),
            ("os._exit(0)", "Runtime exited without providing a reason"),
            ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
            ("os.kill(os.getpid(), 11)", "Runtime exited with error: signal: segmentation fault"),
        ],
    )
    def test_reports_how_its_process_ended(self, client, function, statement, reason):
        source = f"import os, sys\ndef handler(event, context):\n    {statement}"
        answer = client("lambda").invoke(FunctionName=function(source), Payload="{}", LogType="Tail")
        payload, request = json.loads(answer["Payload"].read()), answer["ResponseMetadata"]["RequestId"]
        assert (answer["FunctionError"], answer["ExecutedVersion"]) == ("Unhandled", "$LATEST")
        assert payload["errorType"] == "Runtime.ExitError"
        assert payload["errorMessage"].endswith(f" Error: {reason}")
        assert payload["errorMessage"].startswith("RequestId: ")
        assert request
        assert "Runtime.ExitError" in base64.b64decode(answer["LogResult"]).decode()

    def test_that_dies_while_it_is_imported_reports_it_too(self, client, function):
        answer = client("lambda").invoke(FunctionName=function("import os\nos._exit(1)"), Payload="{}")
        assert json.loads(answer["Payload"].read())["errorType"] == "Runtime.ExitError"

    def test_is_killed_when_it_uses_more_than_its_memory(self, client, function):
        source = "def handler(event, context):\n    return len(bytearray(event * 1024 * 1024))"
        arn = function(source, memory=128)
        fits = client("lambda").invoke(FunctionName=arn, Payload="10")
        assert json.loads(fits["Payload"].read()) == 10 * 1024 * 1024
        payload = json.loads(client("lambda").invoke(FunctionName=arn, Payload="400")["Payload"].read())
        assert payload["errorType"] == "Runtime.ExitError"
        assert payload["errorMessage"].endswith("Error: Runtime exited with error: signal: killed")
        again = client("lambda").invoke(FunctionName=arn, Payload="10")
        assert json.loads(again["Payload"].read()) == 10 * 1024 * 1024

    def test_that_takes_too_long_times_out(self, client, function):
        source = "import time\ndef handler(event, context):\n    time.sleep(60)"
        answer = client("lambda").invoke(FunctionName=function(source, timeout=1), Payload="{}", LogType="Tail")
        payload = json.loads(answer["Payload"].read())
        assert payload["errorType"] == "Sandbox.Timedout"
        assert payload["errorMessage"].startswith("RequestId: ")
        assert payload["errorMessage"].endswith(" Error: Task timed out after 1.00 seconds")
        assert "Task timed out after 1.00 seconds" in base64.b64decode(answer["LogResult"]).decode()

    def test_that_is_never_imported_times_out_after_the_ten_seconds_for_that(self, client, function):
        source = "import time\ntime.sleep(60)\ndef handler(event, context):\n    pass"
        answer = client("lambda").invoke(FunctionName=function(source, timeout=1), Payload="{}")
        payload = json.loads(answer["Payload"].read())
        assert payload["errorType"] == "Sandbox.Timedout"
        assert payload["errorMessage"].endswith(" Error: Task timed out after 1.00 seconds")

    def test_reports_a_result_that_is_no_json(self, client, function):
        answer = client("lambda").invoke(FunctionName=function("def handler(e, c):\n    return {1, 2}"), Payload="{}")
        payload = json.loads(answer["Payload"].read())
        assert payload["errorType"] == "Runtime.MarshalError"
        assert payload["errorMessage"] == "Unable to marshal response: Object of type set is not JSON serializable"

    def test_reports_a_result_that_is_too_large(self, client, function):
        source = "def handler(event, context):\n    return 'x' * event"
        arn = function(source)
        fits = client("lambda").invoke(FunctionName=arn, Payload=str(6291556 - 2))
        assert len(fits["Payload"].read()) == 6291556
        answer = client("lambda").invoke(FunctionName=arn, Payload=str(6291556 - 1))
        assert json.loads(answer["Payload"].read()) == {
            "errorType": "Function.ResponseSizeTooLarge",
            "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
        }

    def test_keeps_its_global_variables_unless_its_process_ended(self, client, function):
        source = (
            "import os\ncalls = []\n"
            "def handler(event, context):\n"
            "    calls.append(event)\n"
            "    if event == 'raise':\n        raise ValueError(event)\n"
            "    if event == 'exit':\n        os._exit(1)\n"
            "    return calls\n"
        )
        arn = function(source)

        def invoke(event: str) -> object:
            return json.loads(client("lambda").invoke(FunctionName=arn, Payload=json.dumps(event))["Payload"].read())

        assert invoke("one") == ["one"]
        assert invoke("raise")["errorType"] == "ValueError"
        assert invoke("two") == ["one", "raise", "two"]
        assert invoke("exit")["errorType"] == "Runtime.ExitError"
        assert invoke("three") == ["three"]

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

    def test_is_retried_when_its_process_died(self, function, machine, role, outcome, tmp_path):
        source = (
            "import os, pathlib\n"
            "def handler(event, context):\n"
            "    marker = pathlib.Path(event['marker'])\n"
            "    if not marker.exists():\n"
            "        marker.touch()\n"
            "        os._exit(1)\n"
            "    return 'second attempt'\n"
        )
        arn = function(source)
        retry = {"ErrorEquals": ["Runtime.ExitError"], "IntervalSeconds": 1, "MaxAttempts": 1}
        task = {"Type": "Task", "Resource": arn, "Retry": [retry], "End": True}
        able = role("states", ("lambda:InvokeFunction", arn))
        described = outcome(machine({"Task": task}, able), {"marker": str(tmp_path / "died")})
        assert (described["status"], described["output"]) == ("SUCCEEDED", '"second attempt"')

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

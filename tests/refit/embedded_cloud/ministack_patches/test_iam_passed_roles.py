"""Who gives a service a role must be allowed to pass it, and the role must trust the service."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.refit.embedded_cloud.conftest import policy

ACCOUNT, REGION = "000000000000", "us-west-2"
DEFINITION = json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}})
CODE = {"Runtime": "python3.12", "Handler": "main.handler", "Code": {"ZipFile": b"no zip"}}
SCHEDULE = {
    "ScheduleExpression": "at(2999-01-01T00:00:00)",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "Target": {"Arn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:any"},
}


def passing(role: str, service: str, resource: str = "*") -> dict[str, Any]:
    condition = {
        "StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"},
        "ArnLike": {"iam:AssociatedResourceArn": resource},
    }
    return {"Effect": "Allow", "Action": "iam:PassRole", "Resource": role, "Condition": condition}


class TestARoleIsPassed:
    def test_to_a_function(self, user, role, refused):
        passed, name = role("lambda"), f"function-{uuid.uuid4().hex[:8]}"
        all_of_lambda = {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}
        code, message = refused(user(all_of_lambda)("lambda").create_function, FunctionName=name, Role=passed, **CODE)
        assert (code, "iam:PassRole" in message, passed in message) == ("AccessDeniedException", True, True)
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
        able = user(all_of_lambda, passing(passed, "lambda", arn))("lambda")
        assert "zip" in refused(able.create_function, FunctionName=name, Role=passed, **CODE)[1]
        assert refused(able.create_function, FunctionName="other", Role=passed, **CODE)[0] == "AccessDeniedException"
        other = user(all_of_lambda, passing(passed, "states"))("lambda")
        assert refused(other.create_function, FunctionName=name, Role=passed, **CODE)[0] == "AccessDeniedException"

    def test_to_an_existing_function(self, user, role, function, refused):
        all_of_lambda, arn, passed = (
            {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"},
            function(""),
            role("lambda"),
        )
        update = user(all_of_lambda)("lambda").update_function_configuration
        assert refused(update, FunctionName=arn.rpartition(":")[2], Role=passed)[0] == "AccessDeniedException"

    def test_to_a_state_machine(self, user, role, refused):
        passed = role("states")
        all_of_states = {"Effect": "Allow", "Action": "states:*", "Resource": "*"}
        request = {"name": f"machine-{uuid.uuid4().hex[:8]}", "definition": DEFINITION, "roleArn": passed}
        code, message = refused(user(all_of_states)("stepfunctions").create_state_machine, **request)
        assert (code, "iam:PassRole" in message) == ("AccessDeniedException", True)
        able = user(all_of_states, passing(passed, "states"))("stepfunctions")
        assert able.create_state_machine(**request)["stateMachineArn"].endswith(request["name"])

    def test_to_a_rule(self, client, user, role, refused):
        passed, rule = role("events"), f"rule-{uuid.uuid4().hex[:8]}"
        client("events").put_rule(Name=rule, ScheduleExpression="rate(1 day)")
        all_of_events = {"Effect": "Allow", "Action": "events:*", "Resource": "*"}
        target = {"Id": "one", "Arn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:any", "RoleArn": passed}
        request = {"Rule": rule, "Targets": [target]}
        assert refused(user(all_of_events)("events").put_targets, **request)[0] == "AccessDeniedException"
        able = user(all_of_events, passing(passed, "events"))("events")
        assert able.put_targets(**request)["FailedEntryCount"] == 0

    def test_to_a_schedule(self, user, role, refused):
        passed, name = role("scheduler"), f"schedule-{uuid.uuid4().hex[:8]}"
        all_of_scheduler = {"Effect": "Allow", "Action": "scheduler:*", "Resource": "*"}
        request = {**SCHEDULE, "Name": name, "Target": {**SCHEDULE["Target"], "RoleArn": passed}}
        assert refused(user(all_of_scheduler)("scheduler").create_schedule, **request)[0] == "AccessDeniedException"
        arn = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{name}"
        able = user(all_of_scheduler, passing(passed, "scheduler", arn))("scheduler")
        assert able.create_schedule(**request)["ScheduleArn"] == arn
        assert able.update_schedule(**request)["ScheduleArn"] == arn


class TestARoleTrusts:
    @pytest.fixture
    def trusting(self, client: Any) -> Callable[..., str]:
        """Creates a role with this trust statement; returns its ARN."""

        def make(service: str, **more: Any) -> str:
            trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole", **more}
            created = client("iam").create_role(
                RoleName=f"role-{uuid.uuid4().hex[:8]}", AssumeRolePolicyDocument=policy(trust)
            )
            return str(created["Role"]["Arn"])

        return make

    def test_lambda(self, client, trusting, refused):
        request = {"FunctionName": f"function-{uuid.uuid4().hex[:8]}", **CODE}
        assert refused(client("lambda").create_function, Role=trusting("states.amazonaws.com"), **request) == (
            "InvalidParameterValueException",
            "The role defined for the function cannot be assumed by Lambda.",
        )

    def test_scheduler_for_its_group(self, client, trusting, refused):
        group = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group"
        request = {**SCHEDULE, "Name": f"schedule-{uuid.uuid4().hex[:8]}"}

        def target(source: str) -> dict[str, str]:
            condition = {"ArnLike": {"aws:SourceArn": f"{group}/{source}"}}
            return {**SCHEDULE["Target"], "RoleArn": trusting("scheduler.amazonaws.com", Condition=condition)}

        assert refused(client("scheduler").create_schedule, **{**request, "Target": target("other")}) == (
            "ValidationException",
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
        )
        assert client("scheduler").create_schedule(**{**request, "Target": target("default")})["ScheduleArn"]

    @pytest.mark.parametrize("service", ["states.amazonaws.com", f"states.{REGION}.amazonaws.com"])
    def test_step_functions_or_its_regional_principal(self, client, trusting, service):
        created = client("stepfunctions").create_state_machine(
            name=f"machine-{uuid.uuid4().hex[:8]}", definition=DEFINITION, roleArn=trusting(service)
        )
        assert created["stateMachineArn"]

    @pytest.mark.parametrize(
        "trust",
        [
            {"service": "lambda.amazonaws.com"},
            {"service": "states.eu-west-1.amazonaws.com"},
            {
                "service": "states.amazonaws.com",
                "Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}},
            },
            {
                "service": "states.amazonaws.com",
                "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:other"}},
            },
        ],
    )
    def test_neither_another_service_nor_region_nor_source(self, client, trusting, refused, trust):
        request = {"name": f"machine-{uuid.uuid4().hex[:8]}", "definition": DEFINITION, "roleArn": trusting(**trust)}
        assert refused(client("stepfunctions").create_state_machine, **request) == (
            "AccessDeniedException",
            "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume "
            "the provided role.",
        )


class TestASessionIsNamed:
    def test_after_its_function(self, client, function):
        source = "import boto3\ndef handler(e, c):\n    return boto3.client('sts').get_caller_identity()['Arn']"
        arn = function(source)
        identity = json.loads(client("lambda").invoke(FunctionName=arn)["Payload"].read())
        assert identity.rpartition("/")[2] == arn.rpartition(":")[2]

    def test_by_32_letters_in_step_functions(self, role, machine, outcome):
        task = {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:sts:getCallerIdentity",
            "Parameters": {},
            "End": True,
        }
        described = outcome(machine({"Ask": task}, role("states")))
        session = json.loads(described["output"])["Arn"].rpartition("/")[2]
        assert (len(session), session.isalpha()) == (32, True)

"""State machines: the tracing configuration, and the permissions of the role."""

from __future__ import annotations

import json

ACCOUNT, REGION = "000000000000", "us-west-2"


class TestAStateMachine:
    def test_keeps_its_tracing_configuration(self, sfn, role):
        definition = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
        created = sfn.create_state_machine(name="traced", definition=definition, roleArn=role("states"))
        arn = created["stateMachineArn"]
        assert sfn.describe_state_machine(stateMachineArn=arn)["tracingConfiguration"] == {"enabled": False}
        sfn.update_state_machine(stateMachineArn=arn, tracingConfiguration={"enabled": True})
        assert sfn.describe_state_machine(stateMachineArn=arn)["tracingConfiguration"] == {"enabled": True}

    def test_may_call_only_what_its_role_allows(self, machine, outcome, role, handler):
        unable = role("states", ("lambda:InvokeFunction", f"{handler}-other"))
        states = {"Task": {"Type": "Task", "Resource": handler, "End": True}}
        assert outcome(machine(states))["status"] == "SUCCEEDED"
        described = outcome(machine(states, unable))
        assert described["error"] == "Lambda.AWSLambdaException"
        assert f"not authorized to perform: lambda:InvokeFunction on resource: {handler}" in described["cause"]
        assert "Error Code: AccessDeniedException" in described["cause"]

    def test_is_not_made_with_a_role_that_does_not_trust_step_functions(self, sfn, role, refused):
        definition = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
        expected = (
            "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume "
            "the provided role."
        )
        for arn in (role("lambda"), f"arn:aws:iam::{ACCOUNT}:role/none"):
            created = refused(sfn.create_state_machine, name="mistrusted", definition=definition, roleArn=arn)
            assert created == ("AccessDeniedException", expected)

    def test_may_call_nothing_once_its_role_does_not_trust_step_functions(
        self, machine, outcome, role, handler, distrust
    ):
        able = role("states", ("lambda:InvokeFunction", handler))
        arn = machine({"Task": {"Type": "Task", "Resource": handler, "End": True}}, able)
        distrust(able)
        assert "does not trust states.amazonaws.com" in outcome(arn)["cause"]

    def test_needs_its_role_for_sdk_calls_too(self, machine, outcome, role):
        call = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter", "End": True}
        states = {"Call": {**call, "Parameters": {"Name": "/refit/slack-token"}}}
        parameter = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/refit/slack-token"
        assert outcome(machine(states, role("states", ("ssm:GetParameter", parameter))))["status"] == "SUCCEEDED"
        described = outcome(machine(states, role("states", ("ssm:GetParameter", f"{parameter}-other"))))
        assert described["error"] == "Ssm.AccessDeniedException"
